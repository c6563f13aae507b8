using Npgsql;
using NpgsqlTypes;
using Shabou.ForecastService.Demand;
using Shabou.ForecastService.Forecasts;
using Shabou.Forecasting;

namespace Shabou.ForecastService.Training;

/// <summary>Writes the forecasts of a version by COPY, each with its reasons and what it was made from.</summary>
internal static class StoreForecasts
{
    private const string Copy = """
        COPY forecast.forecasts (model_version_id, sku, frequency, demand_class, method, first_period, mean, quantiles, reason, candidates, fallback,
            demand_interval, size_variation, abc_class, xyz_class, protection_periods, protection_mean, protection_deviation, protection_quantiles, input)
        FROM STDIN (FORMAT binary)
        """;

    public static async Task RunAsync(NpgsqlConnection connection, Guid version, TrainedParts trained, IReadOnlyList<byte[]> inputs, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginBinaryImportAsync(Copy, cancellationToken);
        for (var i = 0; i < trained.Parts.Count; i++)
        {
            var (part, forecast) = (trained.Parts[i], trained.Forecasts[i]);
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(version, NpgsqlDbType.Uuid, cancellationToken);
            await copy.WriteAsync(part.Sku, NpgsqlDbType.Varchar, cancellationToken);
            await copy.WriteAsync(part.Frequency.ToString(), NpgsqlDbType.Char, cancellationToken);
            await copy.WriteAsync(forecast.Profile.Class.ToString(), NpgsqlDbType.Varchar, cancellationToken);
            await copy.WriteAsync(forecast.Choice.Method, NpgsqlDbType.Varchar, cancellationToken);
            await copy.WriteAsync(Periods.StartOf(part.Frequency, part.Next), NpgsqlDbType.Date, cancellationToken);
            await copy.WriteAsync(forecast.Mean, NpgsqlDbType.Array | NpgsqlDbType.Double, cancellationToken);
            await copy.WriteAsync(forecast.Quantiles, NpgsqlDbType.Array | NpgsqlDbType.Double, cancellationToken);
            await WriteChoiceAsync(copy, forecast, cancellationToken);
            await WriteProtectionAsync(copy, forecast.Protection, cancellationToken);
            await copy.WriteAsync(inputs[i], NpgsqlDbType.Json, cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }

    private static async Task WriteChoiceAsync(NpgsqlBinaryImporter copy, PartForecast forecast, CancellationToken cancellationToken)
    {
        await copy.WriteAsync(forecast.Choice.Reason, NpgsqlDbType.Varchar, cancellationToken);
        await copy.WriteAsync(CandidateView.Write(forecast.Choice.Candidates), NpgsqlDbType.Jsonb, cancellationToken);
        if (forecast.Choice.Fallback == Fallback.None) await copy.WriteNullAsync(cancellationToken);
        else await copy.WriteAsync(forecast.Choice.Fallback.ToString(), NpgsqlDbType.Varchar, cancellationToken);
        await copy.WriteFigureAsync(forecast.Profile.Interval, cancellationToken);
        await copy.WriteFigureAsync(forecast.Profile.SizeVariation, cancellationToken);
        await copy.WriteAsync(forecast.Abc.ToString(), NpgsqlDbType.Char, cancellationToken);
        await copy.WriteAsync(forecast.Xyz.ToString(), NpgsqlDbType.Char, cancellationToken);
    }

    private static async Task WriteProtectionAsync(NpgsqlBinaryImporter copy, ProtectionDemand protection, CancellationToken cancellationToken)
    {
        await copy.WriteAsync(protection.Periods, NpgsqlDbType.Integer, cancellationToken);
        await copy.WriteAsync(protection.Mean, NpgsqlDbType.Double, cancellationToken);
        await copy.WriteAsync(protection.StandardDeviation, NpgsqlDbType.Double, cancellationToken);
        await copy.WriteAsync(protection.Quantiles, NpgsqlDbType.Array | NpgsqlDbType.Double, cancellationToken);
    }

    /// <summary>Writes a number; null where it does not exist.</summary>
    public static Task WriteFigureAsync(this NpgsqlBinaryImporter copy, double figure, CancellationToken cancellationToken) =>
        double.IsFinite(figure) ? copy.WriteAsync(figure, NpgsqlDbType.Double, cancellationToken) : copy.WriteNullAsync(cancellationToken);
}
