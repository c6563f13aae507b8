using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Shabou.ServiceDefaults.Outages;

/// <summary>Notices that the database hangs: it neither answers nor refuses, so that everybody who has asked it waits. Requests then end in time, see <see cref="Outages"/>.</summary>
/// <remarks>A database that is gone says so itself, and needs none of this.</remarks>
internal sealed partial class DatabasePulse(Func<CancellationToken, Task> ask, TimeProvider time, ILogger<DatabasePulse> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <summary>A database that has not answered a question without work for so long hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    private volatile CancellationTokenSource _hangs = new();

    /// <summary>Cancelled while the database hangs; a new one when it answers again.</summary>
    public CancellationToken Hangs => _hangs.Token;

    public override void Dispose()
    {
        base.Dispose();
        _hangs.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var asked = AskAsync(stoppingToken);
            if (await Task.WhenAny(asked, Task.Delay(Patience, time, stoppingToken)) == asked) continue;
            if (stoppingToken.IsCancellationRequested) return;
            LogHangs();
            await _hangs.CancelAsync();
            // One question at a time: it is answered, or its connection ends.
            do await asked.WaitAsync(stoppingToken);
            while (!await AnswersAsync(stoppingToken));
            _hangs = new();
            LogAnswers();
        }
    }

    private async Task<bool> AnswersAsync(CancellationToken stoppingToken)
    {
        var asked = AskAsync(stoppingToken);
        if (await Task.WhenAny(asked, Task.Delay(Patience, time, stoppingToken)) == asked) return true;
        await asked.WaitAsync(stoppingToken);
        return false;
    }

    // What it says does not matter: a refusal is an answer.
    private async Task AskAsync(CancellationToken stoppingToken)
    {
        try
        {
            await ask(stoppingToken);
        }
        catch (Exception error) when (error is DbException or TimeoutException or OperationCanceledException)
        {
            // It is gone, or lets nobody in; who asks it hears so.
        }
    }

    [LoggerMessage(LogLevel.Warning, "The database hangs: requests that wait for it are ended")] private partial void LogHangs();
    [LoggerMessage(LogLevel.Information, "The database answers again")] private partial void LogAnswers();
}
