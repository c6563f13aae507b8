using Npgsql;
using NpgsqlTypes;
using Shabou.Schema.Forecast;

namespace Shabou.ForecastService.Training;

/// <summary>Writes how good a version's methods were, in all and by part, by COPY.</summary>
internal static class StoreAccuracy
{
    private const string CopyMethods = """
        COPY forecast.accuracy (model_version_id, frequency, demand_class, from_step, to_step, is_rolling, method, position, series_count,
            mase, mae, rmse, bias, wape, cumulative_wape, coverage80, coverage95, pinball) FROM STDIN (FORMAT binary)
        """;

    private const string CopyParts = """
        COPY forecast.part_accuracy (model_version_id, sku, steps, wape, bias, mase, rmsse, pinball, coverage95, tracking_signal) FROM STDIN (FORMAT binary)
        """;

    public static async Task RunAsync(NpgsqlConnection connection, Guid version, TrainedParts trained, IEnumerable<ScoredMethod> scores, CancellationToken cancellationToken)
    {
        await CopyMethodsAsync(connection, version, scores, cancellationToken);
        await CopyPartsAsync(connection, version, trained, cancellationToken);
    }

    private static async Task CopyMethodsAsync(NpgsqlConnection connection, Guid version, IEnumerable<ScoredMethod> scores, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginBinaryImportAsync(CopyMethods, cancellationToken);
        foreach (var score in scores)
        {
            var accuracy = score.Accuracy;
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(version, NpgsqlDbType.Uuid, cancellationToken);
            await copy.WriteAsync(score.Frequency.ToString(), NpgsqlDbType.Char, cancellationToken);
            await copy.WriteAsync(score.DemandClass?.ToString() ?? AccuracyRow.AllClasses, NpgsqlDbType.Varchar, cancellationToken);
            await copy.WriteAsync(score.FromStep, NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync(score.ToStep, NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync(score.IsRolling, NpgsqlDbType.Boolean, cancellationToken);
            await copy.WriteAsync(accuracy.Method, NpgsqlDbType.Varchar, cancellationToken);
            await copy.WriteAsync(score.Position, NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync(accuracy.Series, NpgsqlDbType.Integer, cancellationToken);
            foreach (var figure in new[] { accuracy.Mase, accuracy.Mae, accuracy.Rmse, accuracy.Bias, accuracy.Wape, accuracy.CumulativeWape, score.Coverage80, score.Coverage95 })
                await copy.WriteFigureAsync(figure, cancellationToken);
            await copy.WriteAsync(accuracy.Pinball.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Double, cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }

    private static async Task CopyPartsAsync(NpgsqlConnection connection, Guid version, TrainedParts trained, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginBinaryImportAsync(CopyParts, cancellationToken);
        foreach (var forecast in trained.Forecasts)
        {
            var scores = forecast.Scores;
            if (scores.Steps == 0) continue;
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(version, NpgsqlDbType.Uuid, cancellationToken);
            await copy.WriteAsync(forecast.Id, NpgsqlDbType.Varchar, cancellationToken);
            await copy.WriteAsync(scores.Steps, NpgsqlDbType.Integer, cancellationToken);
            foreach (var figure in new[] { scores.Wape, scores.Bias, scores.Mase, scores.Rmsse, scores.Pinball, scores.Coverage95, scores.TrackingSignal })
                await copy.WriteFigureAsync(figure, cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }
}
