using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Shabou.ServiceDefaults.Telemetry;

namespace Shabou.ServiceDefaults.Health;

/// <summary>Looks at every registered check every few seconds, each on its own, so that one that hangs delays no other; remembers what it said.
/// Whoever asks is answered from memory.</summary>
public sealed partial class HealthWatch : BackgroundService
{
    private const string NotYet = "It has not been looked at yet.";

    private readonly IServiceScopeFactory _scopes;
    private readonly HealthWatchOptions _options;
    private readonly TimeProvider _time;
    private readonly Redactor _redactor;
    private readonly ILogger<HealthWatch> _logger;
    private readonly Watched[] _checks;

    internal HealthWatch(
        IServiceScopeFactory scopes, IOptions<HealthCheckServiceOptions> checks, IOptions<HealthWatchOptions> options,
        TimeProvider time, Redactor redactor, IMeterFactory meters, ILogger<HealthWatch> logger)
    {
        (_scopes, _options, _time, _redactor, _logger) = (scopes, options.Value, time, redactor, logger);
        var now = time.GetUtcNow();
        _checks = [.. checks.Value.Registrations.Where(check => !check.Tags.Contains(HealthEndpoints.Live)).OrderBy(check => check.Name, StringComparer.Ordinal).Select(check => new Watched(check)
        {
            Last = new(check.Name, HealthStatus.Degraded, NotYet, new Dictionary<string, object>(), TimeSpan.Zero, LookedAt: null, now, HealthEndpoints.IsForReadiness(check)),
        })];
        meters.Create("Shabou.Health").CreateObservableGauge("shabou.health.status",
            () => _checks.Where(check => check.Last.LookedAt is not null).Select(check => new Measurement<int>((int)check.Last.Status, new KeyValuePair<string, object?>("check", check.Last.Name))),
            description: "Of each check: 0 unhealthy, 1 degraded, 2 healthy.");
    }

    /// <summary>What each check said last, by name.</summary>
    public IReadOnlyList<HealthEntry> Entries => [.. _checks.Select(check => check.Last)];

    /// <summary>Looks at one check now.</summary>
    internal Task<HealthEntry> LookAsync(string name, CancellationToken cancellationToken) =>
        LookAsync(_checks.Single(check => check.Last.Name == name), cancellationToken);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(_checks.Select(check => WatchAsync(check, stoppingToken)));

    private async Task WatchAsync(Watched check, CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_options.Every, _time);
        do
        {
            await LookAsync(check, stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<HealthEntry> LookAsync(Watched check, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var result = await AskAsync(check, cancellationToken);
        var (before, now) = (check.Last, _time.GetUtcNow());
        var sentence = HealthSentence.Of(result, _redactor);
        var isNew = before.LookedAt is null || before.Status != result.Status;
        check.Last = before with
        {
            Status = result.Status, Sentence = sentence, Figures = HealthSentence.FiguresOf(result), Duration = Stopwatch.GetElapsedTime(started),
            LookedAt = now, ChangedAt = isNew ? now : before.ChangedAt,
        };
        if (isNew)
        {
            LogTurned(result.Status == HealthStatus.Healthy ? LogLevel.Information : LogLevel.Warning, before.Name, result.Status, result.Description ?? sentence, result.Exception);
        }

        return check.Last;
    }

    private async Task<HealthCheckResult> AskAsync(Watched check, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_options.Patience);
        try
        {
            // One that hangs in spite of its token is not asked a second time meanwhile.
            if (check.UnderWay is not { IsCompleted: false })
            {
                check.UnderWay = RunAsync(check.Registration, patience.Token);
            }

            return await check.UnderWay.WaitAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(check.Registration.FailureStatus, $"It did not answer within {_options.Patience.TotalSeconds:0.#} s.");
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            return new(check.Registration.FailureStatus, description: null, error);
        }
    }

    private async Task<HealthCheckResult> RunAsync(HealthCheckRegistration check, CancellationToken cancellationToken)
    {
        await using var scope = _scopes.CreateAsyncScope();
        return await check.Factory(scope.ServiceProvider).CheckHealthAsync(new() { Registration = check }, cancellationToken);
    }

    private sealed class Watched(HealthCheckRegistration registration)
    {
        private volatile HealthEntry? _last;

        public HealthCheckRegistration Registration { get; } = registration;

        public Task<HealthCheckResult>? UnderWay { get; set; }

        public required HealthEntry Last { get => _last!; set => _last = value; }
    }

    [LoggerMessage("Check {Check} turned {Status}: {Sentence}")]
    private partial void LogTurned(LogLevel level, string check, HealthStatus status, string sentence, Exception? error);
}
