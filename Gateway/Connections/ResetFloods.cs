using Microsoft.AspNetCore.Connections.Features;

namespace Shabou.Gateway.Connections;

/// <summary>Closes a connection on which a client asks and takes back what it asked, again and again (HTTP/2 rapid reset): each time costs us
/// a request and it next to nothing.</summary>
/// <remarks>Kestrel closes one that has hundreds of requests running at once although it may have 100. This counts what was taken back even
/// when it ended in time.</remarks>
internal sealed partial class ResetFloods(RequestDelegate next, TimeProvider time, ILogger<ResetFloods> logger)
{
    /// <summary>Taken back on one connection in one <see cref="Period"/>; a browser that is closed takes back far fewer.</summary>
    internal const int MaxResets = 200;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);
    private static readonly object Key = new();

    public Task InvokeAsync(HttpContext http) => HttpProtocol.IsHttp2(http.Request.Protocol) ? WatchAsync(http) : next(http);

    private async Task WatchAsync(HttpContext http)
    {
        try
        {
            await next(http);
        }
        finally
        {
            if (http.RequestAborted.IsCancellationRequested)
                Count(http);
        }
    }

    private void Count(HttpContext http)
    {
        if (http.Features.Get<IConnectionItemsFeature>()?.Items is not { } items || http.Features.Get<IConnectionLifetimeFeature>() is not { } connection)
            return;
        Resets resets;
        lock (items)
        {
            if (items.TryGetValue(Key, out var known) && known is Resets seen && time.GetElapsedTime(seen.Since) < Period)
                resets = seen;
            else
                items[Key] = resets = new Resets(time.GetTimestamp());
        }
        if (Interlocked.Increment(ref resets.Count) != MaxResets)
            return;
        LogFlood(http.Connection.RemoteIpAddress?.ToString(), MaxResets);
        connection.Abort();
    }

    [LoggerMessage(LogLevel.Warning, "{Remote} took back {Count} requests on one connection, which was closed")]
    private partial void LogFlood(string? remote, int count);

    private sealed class Resets(long since)
    {
        public readonly long Since = since;
        public int Count;
    }
}
