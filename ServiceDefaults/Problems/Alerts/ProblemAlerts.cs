using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Shabou.ServiceDefaults.Problems.Alerts;

/// <summary>Alerts people to requests that fail through no fault of their callers: one alert per type and <see cref="ProblemAlertOptions.Every"/>.
/// A request only adds one to a tally; rows are written beside the requests.</summary>
/// <remarks>While the database is away an alert is a log line of level Critical, as often as it would have been a row, and becomes a row when
/// the database is back.</remarks>
internal sealed partial class ProblemAlerts : BackgroundService
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly FrozenDictionary<string, ProblemTally> _tallies =
        ProblemTypes.All.Select(type => (type.Kind, Tally: new ProblemTally(type))).Where(each => each.Tally.IsCritical).ToFrozenDictionary(each => each.Kind, each => each.Tally);

    private readonly Dictionary<string, DateTimeOffset> _loggedUntil = [];
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly IProblemAlertRows? _rows;
    private readonly ProblemAlertOptions _options;
    private readonly TimeProvider _time;
    private readonly string _service;
    private readonly ILogger<ProblemAlerts> _logger;
    private readonly Counter<long> _said;

    public ProblemAlerts(
        IEnumerable<IProblemAlertRows> rows, IOptions<ProblemAlertOptions> options, TimeProvider time, IHostEnvironment environment, IMeterFactory meters, ILogger<ProblemAlerts> logger)
    {
        (_rows, _options, _time, _service, _logger) = (rows.LastOrDefault(), options.Value, time, environment.ApplicationName, logger);
        _said = meters.Create("Shabou.Problems").CreateCounter<long>("shabou.problems.alerts", "{alert}",
            "Alerts about failing requests, by problem type and outcome: written, logged (no database), elsewhere (another process had written it).");
    }

    /// <summary>Costs a request a lock and an addition.</summary>
    public void Saw(ProblemType type, string requestId, string? traceId)
    {
        if (_tallies.TryGetValue(type.Kind, out var tally))
        {
            tally.Count(_time.GetUtcNow(), requestId, traceId, _options);
        }
    }

    /// <summary>Says what is due. What cannot be written stays due.</summary>
    public async Task SayAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            foreach (var tally in _tallies.Values)
            {
                if (tally.Due(_service, _options) is { } alert && !await SayAsync(tally, alert, cancellationToken))
                {
                    return; // one attempt per tick is enough to learn that the database is away
                }
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>What failed in the last moment is said before the process ends, if it can be.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await SayAsync(cancellationToken);
        }
        catch (Exception over) when (over is OperationCanceledException or ObjectDisposedException)
        {
            // the host waits no longer, or was stopped before
        }
    }

    public override void Dispose()
    {
        _turn.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_options.Tick, _time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await SayAsync(stoppingToken);
        }
    }

    private async Task<bool> SayAsync(ProblemTally tally, ProblemAlert alert, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        if (_rows is null)
        {
            Log(alert, now, "this service has no database");
            tally.Said(alert, now + _options.Every);
            return true;
        }

        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(Patience);
            var written = await _rows.TryWriteAsync(alert, now, _options.Every, patience.Token);
            Count(alert, written ? "written" : "elsewhere");
            if (written)
            {
                tally.Said(alert, now + _options.Every);
            }
            else
            {
                tally.SaidElsewhere(now + (AskAgain < _options.Every ? AskAgain : _options.Every));
            }

            return true;
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            Log(alert, now, error.GetBaseException().Message);
            return false;
        }
    }

    private void Log(ProblemAlert alert, DateTimeOffset now, string reason)
    {
        if (now >= _loggedUntil.GetValueOrDefault(alert.Type.Kind))
        {
            _loggedUntil[alert.Type.Kind] = now + _options.Every;
            Count(alert, "logged");
            LogAlert(alert.Type.Kind, alert.Summary, reason);
        }
    }

    private void Count(ProblemAlert alert, string outcome) => _said.Add(1, new("type", alert.Type.Kind), new("outcome", outcome));

    [LoggerMessage(LogLevel.Critical, "Alert about {Kind}: {Summary} (not written: {Reason})")]
    private partial void LogAlert(string kind, string summary, string reason);
}
