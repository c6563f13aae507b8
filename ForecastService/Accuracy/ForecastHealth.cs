using Npgsql;
using Shabou.ForecastService.Training;

namespace Shabou.ForecastService.Accuracy;

/// <summary>How the model that is served does, by its own scores.</summary>
/// <param name="Age">Since it was trained, by the database's clock.</param>
/// <param name="Fallbacks">Parts that were forecast another way, by reason.</param>
/// <param name="Coverage">Of the 95 % intervals per class, with the parts tested.</param>
/// <param name="Bias">Of the published forecast per frequency.</param>
/// <param name="Tested">Parts with a tracking signal.</param>
/// <param name="Alarms">Those beyond the limit.</param>
internal sealed record ForecastHealth(
    string Version, TimeSpan Age, int Parts, IReadOnlyDictionary<string, long> Fallbacks, IReadOnlyDictionary<string, ClassCoverage> Coverage, IReadOnlyDictionary<string, double> Bias,
    long Tested, long Alarms)
{
    private const string Query = """
        SELECT version, now() - created_at, series_count FROM forecast.model_versions WHERE active;
        SELECT f.fallback, count(*) FROM forecast.forecasts f JOIN forecast.model_versions v ON v.id = f.model_version_id
        WHERE v.active AND f.fallback IS NOT NULL GROUP BY f.fallback;
        SELECT a.demand_class, sum(a.series_count), sum(a.series_count * a.coverage95) / sum(a.series_count)
        FROM forecast.accuracy a JOIN forecast.model_versions v ON v.id = a.model_version_id
        WHERE v.active AND NOT a.is_rolling AND a.method = @published AND a.demand_class <> 'All' AND a.coverage95 IS NOT NULL GROUP BY a.demand_class;
        SELECT a.frequency, a.bias FROM forecast.accuracy a JOIN forecast.model_versions v ON v.id = a.model_version_id
        WHERE v.active AND NOT a.is_rolling AND a.method = @published AND a.demand_class = 'All' AND a.bias IS NOT NULL;
        SELECT count(*), count(*) FILTER (WHERE abs(p.tracking_signal) > @limit)
        FROM forecast.part_accuracy p JOIN forecast.model_versions v ON v.id = p.model_version_id WHERE v.active AND p.tracking_signal IS NOT NULL;
        """;

    public double AlarmShare => Tested == 0 ? 0 : (double)Alarms / Tested;

    /// <summary>In one round trip.</summary>
    /// <returns>Null when nothing was trained yet.</returns>
    public static async Task<ForecastHealth?> ReadAsync(NpgsqlConnection connection, double trackingLimit, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Query, connection) { Parameters = { new("published", HeldBack.Published), new("limit", trackingLimit) } };
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        if (!await rows.ReadAsync(cancellationToken)) return null;
        var (version, age, parts) = (rows.GetString(0), rows.GetTimeSpan(1), rows.GetInt32(2));
        var fallbacks = new Dictionary<string, long>();
        var coverage = new Dictionary<string, ClassCoverage>();
        var bias = new Dictionary<string, double>();
        await NextAsync(() => fallbacks.Add(rows.GetString(0), rows.GetInt64(1)));
        await NextAsync(() => coverage.Add(rows.GetString(0), new(rows.GetInt64(1), rows.GetDouble(2))));
        await NextAsync(() => bias.Add(rows.GetString(0), rows.GetDouble(1)));
        var (tested, alarms) = (0L, 0L);
        await NextAsync(() => (tested, alarms) = (rows.GetInt64(0), rows.GetInt64(1)));
        return new(version, age, parts, fallbacks, coverage, bias, tested, alarms);

        async Task NextAsync(Action read)
        {
            await rows.NextResultAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken)) read();
        }
    }
}

/// <param name="Parts">Tested.</param>
/// <param name="Share">Of demands within the interval.</param>
internal sealed record ClassCoverage(long Parts, double Share);
