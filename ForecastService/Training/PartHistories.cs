using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using Shabou.ForecastService.Demand;
using Shabou.ForecastService.Parts;
using Shabou.ForecastService.Planning;
using Shabou.Forecasting;

namespace Shabou.ForecastService.Training;

/// <summary>Reads what the model is given of the parts: the one place where rows become <see cref="PartHistory"/>s, for a training run and for
/// a forecast on demand alike, so that the two never differ.</summary>
internal sealed class PartHistories(IOptions<TrainingOptions> training, IOptions<PlanningOptions> planning, IOptions<PartsOptions> parts)
{
    // One statement, so that all series are of one moment.
    private const string Select = """
        SELECT s.sku, s.frequency, array_agg(o.period - DATE '0001-01-01' ORDER BY o.period),
               array_agg(CASE WHEN o.in_stock THEN o.quantity ELSE 'NaN' END ORDER BY o.period)
        FROM forecast.demand_series s JOIN forecast.demand_observations o ON o.series_id = s.id
        """;
    private const string All = Select + "\nGROUP BY s.id ORDER BY s.sku";
    private const string One = ReadFacts.Family + Select + "\nWHERE s.sku IN (SELECT @sku UNION SELECT sku FROM family) GROUP BY s.id ORDER BY s.sku";

    /// <summary>All parts with a recorded period, and those of the catalog that have none yet, in order of SKU. Demand of replaced parts is that of
    /// the parts that replace them.</summary>
    /// <param name="connection">Open; its transaction decides which moment is seen.</param>
    /// <param name="horizon">Periods to be forecast: what is known of the future reaches so far.</param>
    public async Task<List<PartSeries>> LoadAsync(NpgsqlConnection connection, int horizon, CancellationToken cancellationToken)
    {
        var (series, facts) = await ReadAsync(connection, sku: null, cancellationToken);
        return Build(facts, horizon).Of(series, parts.Value.ColdStart);
    }

    /// <summary>One part as it is now, in one round trip; <see langword="null"/> when nothing is recorded of it or of a part that it replaces.</summary>
    public async Task<PartSeries?> FindAsync(NpgsqlConnection connection, string sku, int horizon, CancellationToken cancellationToken)
    {
        var (series, facts) = await ReadAsync(connection, sku, cancellationToken);
        return Build(facts, horizon).Of(series, coldStart: false).Find(part => part.Sku == sku);
    }

    private BuildParts Build(Facts facts, int horizon) => new(facts, planning.Value, new Regressors(horizon, parts.Value.HolidaysFor), training.Value.MaxPeriods);

    private async Task<(List<PartSeries> Series, Facts Facts)> ReadAsync(NpgsqlConnection connection, string? sku, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection) { Timeout = 300 };
        var demand = new NpgsqlBatchCommand(sku is null ? All : One);
        if (sku is not null) demand.Parameters.Add(new("sku", NpgsqlDbType.Text) { Value = sku });
        batch.BatchCommands.Add(demand);
        ReadFacts.Add(batch, sku);
        await using var rows = await batch.ExecuteReaderAsync(cancellationToken);
        var series = new List<PartSeries>();
        while (await rows.ReadAsync(cancellationToken))
            series.Add(Of(rows.GetString(0), rows.GetChar(1), await rows.GetFieldValueAsync<int[]>(2, cancellationToken),
                await rows.GetFieldValueAsync<double[]>(3, cancellationToken), training.Value.MaxPeriods));
        await rows.NextResultAsync(cancellationToken);
        return (series, await ReadFacts.ReadAsync(rows, cancellationToken));
    }

    /// <summary>Puts recorded periods on an even grid.</summary>
    /// <param name="days">Their first days as day numbers, ascending.</param>
    /// <param name="maxPeriods">Of a longer history the end is taken.</param>
    internal static PartSeries Of(string sku, char frequency, int[] days, double[] quantities, int maxPeriods)
    {
        var last = IndexOf(days[^1]);
        var first = Math.Max(IndexOf(days[0]), last - maxPeriods + 1);
        var values = new double[last - first + 1];
        Array.Fill(values, double.NaN);
        for (var i = 0; i < days.Length; i++)
            if (IndexOf(days[i]) - first is >= 0 and var t) values[t] = quantities[i];
        return new PartSeries(frequency, first, new PartHistory(sku, Periods.Season(frequency), values));

        int IndexOf(int day) => Periods.IndexOf(frequency, DateOnly.FromDayNumber(day));
    }
}
