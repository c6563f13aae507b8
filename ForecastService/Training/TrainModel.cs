using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Shabou.Forecasting;
using Shabou.Jobs;
using Shabou.Schema;
using Shabou.Schema.Forecast;

namespace Shabou.ForecastService.Training;

/// <summary>The job <c>forecast.train</c>: loads all demand, learns a model, forecasts every part, tests it on the end of the histories, and
/// stores one model version with everything in one transaction, which also makes it the one that is served.</summary>
/// <remarks>An advisory lock in that transaction lets one run at a time work; the next waits. A run again after a crash finds the version
/// of its job, or nothing of it.</remarks>
internal sealed partial class TrainModel(
    ShabouContext context, PartHistories histories, IOptions<TrainingOptions> options, TimeProvider time, ILogger<TrainModel> logger) : IJobHandler<TrainingRequest>
{
    public static readonly JobKind<TrainingRequest> Kind = new("forecast.train", "forecast", TimeSpan.FromMinutes(30));

    /// <summary>Key of the lock, any number that nothing else in the database uses.</summary>
    private const long TrainingLock = 0x5348_5452_4149_4E; // "SHTRAIN"

    /// <summary>Parts x horizon x levels of one run: 200 million, 1.6 GB.</summary>
    private const int MostNumbers = 200_000_000;

    public async Task<object?> RunAsync(JobContext<TrainingRequest> job, CancellationToken cancellationToken)
    {
        return await context.Database.CreateExecutionStrategy().ExecuteAsync(async token =>
        {
            await context.Database.OpenConnectionAsync(token);
            try
            {
                var connection = (NpgsqlConnection)context.Database.GetDbConnection();
                await using var transaction = await connection.BeginTransactionAsync(token);
                await using (var wait = new NpgsqlCommand("SELECT pg_advisory_xact_lock(@key)", connection) { CommandTimeout = 0, Parameters = { new("key", TrainingLock) } })
                    await wait.ExecuteNonQueryAsync(token);
                await context.Database.UseTransactionAsync(transaction, token);
                var summary = await FindAsync(job.Id, token) ?? await TrainAsync(connection, job.Id, job.Payload, token);
                await transaction.CommitAsync(token);
                return summary;
            }
            finally
            {
                await context.Database.UseTransactionAsync(null, CancellationToken.None);
                await context.Database.CloseConnectionAsync();
            }
        }, cancellationToken);
    }

    private Task<TrainingSummary?> FindAsync(Guid job, CancellationToken cancellationToken) => context.ModelVersions.AsNoTracking()
        .Where(v => v.JobId == job)
        .Select(v => new TrainingSummary(v.Version, v.SeriesCount, v.Horizon, null, v.Fallbacks))
        .SingleOrDefaultAsync(cancellationToken);

    private async Task<TrainingSummary> TrainAsync(NpgsqlConnection connection, Guid job, TrainingRequest request, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var settings = new ForecastSettings { Horizon = request.Horizon, Seed = request.Seed };
        var parts = await histories.LoadAsync(connection, settings.Horizon, cancellationToken);
        if (!parts.Exists(part => part.IsObserved)) throw new JobFailedException("There is no demand to train on; send it by POST /api/v1/demand first.");
        RefuseTooMuch(parts.Count, settings.Horizon);
        var inputs = parts.ConvertAll(part => StoredInput.Write(part.History));
        var loaded = clock.Elapsed;
        var trained = TrainedParts.Train(parts, settings, scored: true, cancellationToken);
        var computed = clock.Elapsed;
        IReadOnlyList<ScoredMethod> scores = [.. HeldBack.Score(parts, settings, cancellationToken), .. ScoredMethod.Rolling(trained.Model, parts)];
        var scored = clock.Elapsed;

        var version = await NewVersionAsync(job, settings, trained, inputs, cancellationToken);
        await StoreModel.RunAsync(connection, version, trained, inputs, scores, options.Value.KeepVersions, cancellationToken);
        var seconds = new TrainingSeconds(loaded.TotalSeconds, (computed - loaded).TotalSeconds, (clock.Elapsed - scored).TotalSeconds, (scored - computed).TotalSeconds);
        LogTrained(version.Version, parts.Count, version.Fallbacks, seconds.Load, seconds.Compute, seconds.Score, seconds.Store);
        return new TrainingSummary(version.Version, parts.Count, request.Horizon, seconds, version.Fallbacks);
    }

    // Everything is in memory before it is written.
    private static void RefuseTooMuch(int parts, int horizon)
    {
        var most = MostNumbers / QuantileForecast.Levels.Length / parts;
        if (horizon > most) throw new JobFailedException(string.Create(CultureInfo.InvariantCulture, $"{horizon} periods of {parts} parts are too much for one run; {most} periods are possible."));
    }

    private async Task<ModelVersion> NewVersionAsync(Guid job, ForecastSettings settings, TrainedParts trained, IReadOnlyList<byte[]> inputs, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var parts = trained.Parts;
        var data = StoredInput.Hash(parts.Zip(inputs));
        var parameters = ModelParameters.Describe(settings, options.Value.MaxPeriods);
        var fingerprint = ModelParameters.Fingerprint(data, ModelParameters.CodeVersion, parameters, settings.Seed);
        var day = $"{now:yyyy-MM-dd}.";
        var before = await context.ModelVersions.Where(v => v.Version.StartsWith(day)).Select(v => v.Version).ToListAsync(cancellationToken);
        var number = 1 + before.Select(version => int.Parse(version.AsSpan(day.Length, version.IndexOf('-', day.Length) - day.Length), provider: null)).DefaultIfEmpty().Max();
        return new ModelVersion
        {
            Id = Guid.CreateVersion7(now),
            Version = $"{day}{number}-{fingerprint[..8]}",
            JobId = job,
            DataSha256 = data,
            CodeVersion = ModelParameters.CodeVersion,
            Parameters = parameters,
            Seed = settings.Seed,
            Fingerprint = fingerprint,
            WindowStart = parts.Min(s => Demand.Periods.StartOf(s.Frequency, s.First)),
            WindowEnd = parts.Max(s => Demand.Periods.StartOf(s.Frequency, s.Next - 1)),
            SeriesCount = parts.Count,
            Fallbacks = trained.Fallbacks,
            Horizon = settings.Horizon,
            QuantileLevels = QuantileForecast.Levels.ToArray(),
            Active = true,
            CreatedAt = now,
        };
    }

    [LoggerMessage(LogLevel.Information, "Trained model {Version} on {Series} series, {Fallbacks} of them by a plain average: load {Load:F2} s, compute {Compute:F2} s, score {Score:F2} s, store {Store:F2} s")]
    private partial void LogTrained(string version, int series, int fallbacks, double load, double compute, double score, double store);
}
