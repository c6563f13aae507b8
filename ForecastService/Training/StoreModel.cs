using Npgsql;
using NpgsqlTypes;
using Shabou.ForecastService.Demand;
using Shabou.Forecasting;
using Shabou.Schema.Forecast;

namespace Shabou.ForecastService.Training;

/// <summary>Writes a model version with all it brought, serves it instead of the one before, and lets old ones go. The caller's transaction
/// makes it one step for readers.</summary>
internal static class StoreModel
{
    private const string InsertVersion = """
        UPDATE forecast.model_versions SET active = FALSE WHERE active;
        INSERT INTO forecast.model_versions (id, version, job_id, data_sha256, code_version, parameters, window_start, window_end,
            series_count, horizon, quantile_levels, active, created_at)
        VALUES (@id, @version, @job, @hash, @code, @parameters, @start, @end, @series, @horizon, @levels, TRUE, @created);
        DELETE FROM forecast.model_versions WHERE id NOT IN (SELECT id FROM forecast.model_versions ORDER BY id DESC LIMIT @keep);
        """;

    public static async Task RunAsync(NpgsqlConnection connection, ModelVersion version, IReadOnlyList<TrainedSeries> trained, int keepVersions, CancellationToken cancellationToken)
    {
        await using (var insert = new NpgsqlCommand(InsertVersion, connection)
        {
            CommandTimeout = 120,
            Parameters =
            {
                new("id", version.Id), new("version", version.Version), new("job", version.JobId), new("hash", version.DataSha256),
                new("code", version.CodeVersion), new("parameters", NpgsqlDbType.Jsonb) { Value = version.Parameters },
                new("start", version.WindowStart), new("end", version.WindowEnd), new("series", version.SeriesCount),
                new("horizon", version.Horizon), new("levels", version.QuantileLevels), new("created", version.CreatedAt), new("keep", keepVersions),
            },
        })
            await insert.ExecuteNonQueryAsync(cancellationToken);

        await CopyForecastsAsync(connection, version.Id, trained, cancellationToken);
        await CopyAccuracyAsync(connection, version.Id, trained, cancellationToken);
    }

    private static async Task CopyForecastsAsync(NpgsqlConnection connection, Guid version, IReadOnlyList<TrainedSeries> trained, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginBinaryImportAsync(
            "COPY forecast.forecasts (model_version_id, sku, frequency, demand_class, method, first_period, mean, quantiles) FROM STDIN (FORMAT binary)", cancellationToken);
        foreach (var (series, demandClass, mean, quantiles, _) in trained)
        {
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(version, NpgsqlDbType.Uuid, cancellationToken);
            await copy.WriteAsync(series.Sku, NpgsqlDbType.Varchar, cancellationToken);
            await copy.WriteAsync(series.Frequency.ToString(), NpgsqlDbType.Char, cancellationToken);
            await copy.WriteAsync(demandClass.ToString(), NpgsqlDbType.Varchar, cancellationToken);
            await copy.WriteAsync(Combination.MembersFor(demandClass), NpgsqlDbType.Varchar, cancellationToken);
            await copy.WriteAsync(Periods.StartOf(series.Frequency, series.Next), NpgsqlDbType.Date, cancellationToken);
            await copy.WriteAsync(mean, NpgsqlDbType.Array | NpgsqlDbType.Double, cancellationToken);
            await copy.WriteAsync(quantiles, NpgsqlDbType.Array | NpgsqlDbType.Double, cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }

    private static async Task CopyAccuracyAsync(NpgsqlConnection connection, Guid version, IReadOnlyList<TrainedSeries> trained, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginBinaryImportAsync(
            "COPY forecast.accuracy (model_version_id, frequency, method, position, series_count, mase, mae, rmse, bias, cumulative_wape, pinball) FROM STDIN (FORMAT binary)", cancellationToken);
        foreach (var (frequency, position, row) in TrainedSeries.Score(trained))
        {
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(version, NpgsqlDbType.Uuid, cancellationToken);
            await copy.WriteAsync(frequency.ToString(), NpgsqlDbType.Char, cancellationToken);
            await copy.WriteAsync(row.Method, NpgsqlDbType.Varchar, cancellationToken);
            await copy.WriteAsync(position, NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync(row.Series, NpgsqlDbType.Integer, cancellationToken);
            foreach (var figure in new[] { row.Mase, row.Mae, row.Rmse, row.Bias, row.CumulativeWape })
            {
                if (double.IsFinite(figure)) await copy.WriteAsync(figure, NpgsqlDbType.Double, cancellationToken);
                else await copy.WriteNullAsync(cancellationToken);
            }

            await copy.WriteAsync(row.Pinball.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Double, cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }
}
