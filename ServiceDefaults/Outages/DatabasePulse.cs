using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Shabou.ServiceDefaults.Outages;

/// <summary>Notices that the database hangs: it neither answers nor refuses, so that everybody who has asked it waits. Requests then end in time, see <see cref="Outages"/>.</summary>
/// <remarks>A database that is gone says so itself, and needs none of this. It is asked once when the process starts, which then knows how, and not again while
/// every request is answered soon.</remarks>
internal sealed partial class DatabasePulse(
    Func<CancellationToken, Task<bool>> ask, Func<HttpContext, bool> mayEnd, RequestsUnderWay requests, TimeProvider time, ILogger<DatabasePulse> logger) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(0.2);

    /// <summary>A request that is under way for so long may wait for the database, so the database is asked.</summary>
    private static readonly TimeSpan Suspicious = TimeSpan.FromSeconds(0.25);

    /// <summary>While it answers it is not asked more often.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>A database that has not answered a question without work after so many looks hangs. Looks are counted and not seconds: a process that gets no
    /// processor or was frozen looks late, and sees an answer late.</summary>
    private const int Patience = 10;

    /// <summary>A question is given thrice the time of the last, up to this: while the process itself is slow, so is every answer. The first one gets it too, as
    /// its code is compiled meanwhile.</summary>
    private const int MostPatience = 50;

    /// <summary>A request gets so long while it hangs: it may need nothing of the database.</summary>
    private static readonly TimeSpan WhileItHangs = TimeSpan.FromSeconds(1);

    private bool _hangs;

    /// <summary>A request begins. If it may not end when the database hangs, it still shows by its age that something may be wrong.</summary>
    public RequestUnderWay Enter(HttpContext http) => requests.Enter(mayEnd(http), http.RequestAborted);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look, time);
        var (asked, askedAt) = ((Task<bool>?)AskAsync(stoppingToken), time.GetTimestamp()); // one question at a time: it is answered, or its connection ends
        var (looks, patience) = (0, MostPatience);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (asked is { IsCompleted: true })
            {
                patience = _hangs ? Patience : Math.Clamp(3 * looks, Patience, MostPatience);
                Heed(await asked);
                (asked, looks) = (null, 0);
            }
            else if (asked is not null && ++looks > patience)
            {
                Heed(answers: false);
            }
            if (asked is null && (_hangs || (time.GetElapsedTime(askedAt) > Pause && (patience > Patience || requests.IsAnyOlderThan(Suspicious))))) (asked, askedAt) = (AskAsync(stoppingToken), time.GetTimestamp());
            if (_hangs) requests.EndOlderThan(WhileItHangs);
        }
    }

    private void Heed(bool answers)
    {
        if (_hangs != answers) return;
        _hangs = requests.EndAside = !answers;
        if (_hangs) LogHangs();
        else LogAnswers();
    }

    private async Task<bool> AskAsync(CancellationToken stoppingToken)
    {
        try
        {
            return await ask(stoppingToken);
        }
        catch (Exception) when (!stoppingToken.IsCancellationRequested)
        {
            return true; // a refusal is an answer, and whoever asks hears it
        }
    }

    [LoggerMessage(LogLevel.Warning, "The database hangs: requests that wait for it are ended")] private partial void LogHangs();
    [LoggerMessage(LogLevel.Information, "The database answers again")] private partial void LogAnswers();
}
