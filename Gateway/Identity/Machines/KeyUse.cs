using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Shabou.Gateway.Identity.Machines;

/// <summary>Notes when each key was last used, in memory; the database learns it once a minute, apart from any request.</summary>
/// <remarks>While the database is away the notes wait. A gateway that is killed loses its last minute.</remarks>
internal sealed partial class KeyUse(NpgsqlDataSource database, IOptions<ApiKeyOptions> options, TimeProvider time, ILogger<KeyUse> logger) : BackgroundService
{
    private const int MostAtOnce = 10_000;
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<Guid, long> _used = new(); // ticks of UTC

    internal void Note(Guid id)
    {
        var now = time.GetUtcNow().UtcTicks;
        if (!_used.TryGetValue(id, out var noted) || now - noted > TimeSpan.TicksPerSecond)
            _used[id] = now;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(LastWords);
        await WriteAsync(patience.Token);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.UseWrittenEvery, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await WriteAsync(stoppingToken);
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        var notes = _used.Take(MostAtOnce).ToArray();
        if (notes.Length == 0)
            return;
        try
        {
            await using var command = database.CreateCommand("""
                UPDATE identity.api_keys AS key SET last_used_at = used.at FROM unnest($1, $2) AS used (id, at)
                WHERE key.id = used.id AND (key.last_used_at IS NULL OR key.last_used_at < used.at)
                """);
            command.Parameters.Add(new() { Value = Array.ConvertAll(notes, note => note.Key) });
            command.Parameters.Add(new() { Value = Array.ConvertAll(notes, note => new DateTimeOffset(note.Value, TimeSpan.Zero)) });
            await command.ExecuteNonQueryAsync(cancellationToken);
            foreach (var note in notes)
                _used.TryRemove(note); // unless it was used again meanwhile
        }
        catch (Exception error) when (error is DbException or TimeoutException or OperationCanceledException)
        {
            LogFailed(error.GetBaseException().Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "When keys were last used could not be written: {Reason}. It is tried again")]
    private partial void LogFailed(string reason);
}
