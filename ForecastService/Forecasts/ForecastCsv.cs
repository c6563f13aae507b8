using CsvHelper;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Shabou.Schema;

namespace Shabou.ForecastService.Forecasts;

/// <summary>All forecasts of the active version as CSV, one row a step, written while they are read.</summary>
/// <remarks>By Npgsql and not by EF: with retries switched on EF reads a whole result into memory first. When the database fails in the
/// middle, the connection is cut, so that half a file is never taken for a whole one.</remarks>
internal sealed class ForecastCsv : IResult
{
    private const string Query = """
        SELECT f.sku, f.frequency, f.demand_class, f.method, f.first_period, f.mean, f.quantiles, v.version, v.quantile_levels, v.created_at, o.periods, o.quantities
        FROM forecast.forecasts f JOIN forecast.model_versions v ON v.id = f.model_version_id
        LEFT JOIN (SELECT sku, array_agg(period ORDER BY period) AS periods, array_agg(quantity ORDER BY period) AS quantities
                   FROM forecast.forecast_overrides GROUP BY sku) o ON o.sku = f.sku
        WHERE v.active ORDER BY f.sku
        """;

    // The levels before and after class, model and version: those that came later do not move the columns that were there.
    private static readonly double[] First = [.05, .5, .8, .9, .95, .99];
    private static readonly double[] Last = [.025, .1, .25, .75, .975];
    private static readonly string[] Head =
        ["sku", "period", "mean", "q05", "q50", "q80", "q90", "q95", "q99", "class", "model", "model_version", "q025", "q10", "q25", "q75", "q975", "override"];

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var cancellationToken = httpContext.RequestAborted;
        var context = httpContext.RequestServices.GetRequiredService<ShabouContext>();
        await context.Database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Query, (NpgsqlConnection)context.Database.GetDbConnection());
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);

        httpContext.Response.ContentType = "text/csv; charset=utf-8";
        httpContext.Response.Headers.ContentDisposition = "attachment; filename=forecasts.csv";
        var csv = CsvWriter.Create(httpContext.Response.Body, CsvWriterOptions.Default, leaveOpen: true);
        await csv.WriteRecordAsync(Head, cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
            await WriteAsync(csv, await ReadAsync(rows, cancellationToken), await ReadOverridesAsync(rows, cancellationToken), cancellationToken);
        await csv.DisposeAsync(); // writes the rest; not on the way out of a failure
    }

    private static async Task WriteAsync(CsvWriter csv, ForecastRow row, Dictionary<DateOnly, double> overrides, CancellationToken cancellationToken)
    {
        for (var step = 0; step < row.Mean.Length; step++)
        {
            csv.WriteField(row.Sku);
            csv.WriteField(row.Period(step));
            csv.WriteField(row.Mean[step]);
            WriteQuantiles(csv, row, step, First);
            csv.WriteField(ForecastRow.Camel(row.DemandClass));
            csv.WriteField(row.Method);
            csv.WriteField(row.Version);
            WriteQuantiles(csv, row, step, Last);
            csv.WriteField(overrides.TryGetValue(row.Period(step), out var quantity) ? quantity : (double?)null);
            await csv.EndRecordAsync(cancellationToken);
        }
    }

    // Empty where the version does not have the level.
    private static void WriteQuantiles(CsvWriter csv, ForecastRow row, int step, double[] levels)
    {
        foreach (var level in levels) csv.WriteField(Array.IndexOf(row.Levels, level) is >= 0 and var at ? row.Quantile(at, step) : (double?)null);
    }

    private static async Task<Dictionary<DateOnly, double>> ReadOverridesAsync(NpgsqlDataReader rows, CancellationToken cancellationToken) =>
        await rows.IsDBNullAsync(10, cancellationToken) ? []
        : (await rows.GetFieldValueAsync<DateOnly[]>(10, cancellationToken)).Zip(await rows.GetFieldValueAsync<double[]>(11, cancellationToken)).ToDictionary(o => o.First, o => o.Second);

    private static async Task<ForecastRow> ReadAsync(NpgsqlDataReader rows, CancellationToken cancellationToken) => new(
        rows.GetString(0), rows.GetChar(1), rows.GetString(2), rows.GetString(3),
        await rows.GetFieldValueAsync<DateOnly>(4, cancellationToken), await rows.GetFieldValueAsync<double[]>(5, cancellationToken),
        await rows.GetFieldValueAsync<double[]>(6, cancellationToken), rows.GetString(7), await rows.GetFieldValueAsync<double[]>(8, cancellationToken),
        await rows.GetFieldValueAsync<DateTimeOffset>(9, cancellationToken));
}
