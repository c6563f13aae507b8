using Microsoft.Extensions.Options;
using Npgsql;
using Shabou.ForecastService.Planning;

namespace Shabou.ForecastService.Replenishment;

/// <summary>Counts the order of the list in one pass over all parts, and keeps it for the pages that follow.</summary>
/// <remarks>One count at a time, on all cores: 100,000 parts need some 100 MB while they are counted. The first page always counts, so it shows
/// stock as it is. Another replica, or one that has forgotten, counts for itself; cursors are positions and mean the same everywhere.</remarks>
internal sealed class Rankings(IOptions<ReplenishmentOptions> options, IOptions<PlanningOptions> planning, TimeProvider time) : IDisposable
{
    private const int MostKept = 8;

    private readonly SemaphoreSlim _counting = new(1);
    private readonly Dictionary<(Guid Version, double? Level), (Ranking Ranking, DateTimeOffset At)> _kept = [];

    /// <param name="connection">Open.</param>
    /// <param name="version">The model version.</param>
    /// <param name="level">Service level for all; null: as planned.</param>
    /// <param name="again">Count even if an order is kept.</param>
    /// <param name="cancellationToken">Stops waiting and reading.</param>
    public async Task<Ranking> FindAsync(NpgsqlConnection connection, Guid version, double? level, bool again, CancellationToken cancellationToken)
    {
        await _counting.WaitAsync(cancellationToken);
        try
        {
            var now = time.GetUtcNow();
            if (!again && _kept.TryGetValue((version, level), out var kept) && now - kept.At < options.Value.KeepRanking) return kept.Ranking;
            var ranking = Count(await ReadParts.RunAsync(connection, version, skus: null, cancellationToken), planning.Value, level, cancellationToken);
            if (_kept.Count >= MostKept) _kept.Remove(_kept.MinBy(k => k.Value.At).Key);
            _kept[(version, level)] = (ranking, now);
            return ranking;
        }
        finally
        {
            _counting.Release();
        }
    }

    internal static Ranking Count(List<PartToOrder> parts, PlanningOptions planning, double? level, CancellationToken cancellationToken)
    {
        var perPart = new RankedLine[parts.Count][];
        Parallel.For(0, parts.Count, new ParallelOptions { CancellationToken = cancellationToken },
            i => perPart[i] = [.. ProposeOrders.Of(parts[i], planning, level).Select(line => new RankedLine(line.MoneyAtRisk, line.Sku, line.Warehouse))]);
        RankedLine[] lines = [.. perPart.SelectMany(one => one)];
        Array.Sort(lines);
        return new Ranking(lines);
    }

    public void Dispose() => _counting.Dispose();
}
