using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Shabou.ForecastService.Demand;

namespace Shabou.ForecastService.Training;

/// <summary>One history as methods want it: no gaps in time, NaN where nothing was observed or the part was out of stock.</summary>
/// <param name="First">Number of the first period, see <see cref="Periods"/>.</param>
/// <param name="Values">One per period to the last recorded one.</param>
internal sealed record TrainingSeries(string Sku, char Frequency, int First, double[] Values)
{
    /// <summary>Number of the period after the history: the first to be forecast.</summary>
    public int Next => First + Values.Length;

    // One statement, so that all series are of one moment.
    private const string Query = """
        SELECT s.sku, s.frequency, array_agg(o.period - DATE '0001-01-01' ORDER BY o.period),
               array_agg(CASE WHEN o.in_stock THEN o.quantity ELSE 'NaN' END ORDER BY o.period)
        FROM forecast.demand_series s JOIN forecast.demand_observations o ON o.series_id = s.id
        GROUP BY s.id ORDER BY s.sku
        """;

    /// <summary>All series with something observed, in order of SKU.</summary>
    public static async Task<List<TrainingSeries>> LoadAsync(NpgsqlConnection connection, int maxPeriods, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Query, connection) { CommandTimeout = 300 };
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var all = new List<TrainingSeries>();
        while (await rows.ReadAsync(cancellationToken))
        {
            var series = Of(rows.GetString(0), rows.GetChar(1), await rows.GetFieldValueAsync<int[]>(2, cancellationToken),
                await rows.GetFieldValueAsync<double[]>(3, cancellationToken), maxPeriods);
            if (series.Values.Any(value => !double.IsNaN(value))) all.Add(series);
        }

        return all;
    }

    /// <summary>SHA-256 over everything that the forecasts depend on.</summary>
    public static byte[] Hash(IEnumerable<TrainingSeries> all)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var series in all)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{series.Sku}\0{series.Frequency}{series.First} {series.Values.Length}\0"));
            hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes<double>(series.Values));
        }

        return hash.GetHashAndReset();
    }

    internal static TrainingSeries Of(string sku, char frequency, int[] days, double[] quantities, int maxPeriods)
    {
        var last = IndexOf(days[^1]);
        var first = Math.Max(IndexOf(days[0]), last - maxPeriods + 1);
        var values = new double[last - first + 1];
        Array.Fill(values, double.NaN);
        for (var i = 0; i < days.Length; i++)
            if (IndexOf(days[i]) - first is >= 0 and var t) values[t] = quantities[i];
        return new TrainingSeries(sku, frequency, first, values);

        int IndexOf(int day) => Periods.IndexOf(frequency, DateOnly.FromDayNumber(day));
    }
}
