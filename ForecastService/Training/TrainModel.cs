using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Shabou.Forecasting;
using Shabou.Jobs;
using Shabou.Schema;
using Shabou.Schema.Forecast;

namespace Shabou.ForecastService.Training;

/// <summary>The job <c>forecast.train</c>: loads all demand, tests all methods on its end, forecasts every series, and stores one model
/// version with everything in one transaction, which also makes it the one that is served.</summary>
/// <remarks>An advisory lock in that transaction lets one run at a time work; the next waits. A run again after a crash finds the version
/// of its job, or nothing of it.</remarks>
internal sealed partial class TrainModel(ShabouContext context, IOptions<TrainingOptions> options, TimeProvider time, ILogger<TrainModel> logger) : IJobHandler<TrainingRequest>
{
    public static readonly JobKind<TrainingRequest> Kind = new("forecast.train", "forecast", TimeSpan.FromMinutes(30));

    /// <summary>Key of the lock, any number that nothing else in the database uses.</summary>
    private const long TrainingLock = 0x5348_5452_4149_4E; // "SHTRAIN"

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
        .Select(v => new TrainingSummary(v.Version, v.SeriesCount, v.Horizon, null))
        .SingleOrDefaultAsync(cancellationToken);

    private async Task<TrainingSummary> TrainAsync(NpgsqlConnection connection, Guid job, TrainingRequest request, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var all = await TrainingSeries.LoadAsync(connection, options.Value.MaxPeriods, cancellationToken);
        if (all.Count == 0) throw new JobFailedException("There is no demand to train on; send it by POST /api/v1/demand first.");
        var loaded = clock.Elapsed;
        var trained = TrainedSeries.Train(all, request.Horizon, cancellationToken);
        var computed = clock.Elapsed;

        var version = await NewVersionAsync(job, request, all, cancellationToken);
        await StoreModel.RunAsync(connection, version, trained, options.Value.KeepVersions, cancellationToken);
        var seconds = new TrainingSeconds(loaded.TotalSeconds, (computed - loaded).TotalSeconds, (clock.Elapsed - computed).TotalSeconds);
        LogTrained(version.Version, all.Count, seconds.Load, seconds.Compute, seconds.Store);
        return new TrainingSummary(version.Version, all.Count, request.Horizon, seconds);
    }

    private async Task<ModelVersion> NewVersionAsync(Guid job, TrainingRequest request, List<TrainingSeries> all, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var hash = Convert.ToHexStringLower(TrainingSeries.Hash(all));
        var day = $"{now:yyyy-MM-dd}.";
        var before = await context.ModelVersions.Where(v => v.Version.StartsWith(day)).Select(v => v.Version).ToListAsync(cancellationToken);
        var number = 1 + before.Select(version => int.Parse(version.AsSpan(day.Length, version.IndexOf('-', day.Length) - day.Length), provider: null)).DefaultIfEmpty().Max();
        return new ModelVersion
        {
            Id = Guid.CreateVersion7(now),
            Version = $"{day}{number}-{hash[..8]}",
            JobId = job,
            DataSha256 = hash,
            CodeVersion = ModelParameters.CodeVersion,
            Parameters = ModelParameters.Describe(request.Horizon, options.Value.MaxPeriods),
            WindowStart = all.Min(s => Demand.Periods.StartOf(s.Frequency, s.First)),
            WindowEnd = all.Max(s => Demand.Periods.StartOf(s.Frequency, s.Next - 1)),
            SeriesCount = all.Count,
            Horizon = request.Horizon,
            QuantileLevels = QuantileForecast.Levels.ToArray(),
            Active = true,
            CreatedAt = now,
        };
    }

    [LoggerMessage(LogLevel.Information, "Trained model {Version} on {Series} series: load {Load:F2} s, compute {Compute:F2} s, store {Store:F2} s")]
    private partial void LogTrained(string version, int series, double load, double compute, double store);
}
