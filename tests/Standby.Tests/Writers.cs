using System.Collections.Concurrent;
using Npgsql;

namespace Shabou.Standby.Tests;

/// <summary>Clients that insert orders one after the other and note those that they were told are stored.</summary>
internal sealed class Writers(string connectionString, int count) : IAsyncDisposable
{
    private readonly NpgsqlDataSource _database = NpgsqlDataSource.Create(connectionString);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<(int Id, long At)> _acknowledged = [];
    private readonly ConcurrentBag<Exception> _errors = [];
    private Task _writing = Task.CompletedTask;
    private int _next;

    public int Count => _acknowledged.Count;

    public IReadOnlyCollection<int> Acknowledged => [.. _acknowledged.Select(a => a.Id)];

    public IReadOnlyCollection<Exception> Errors => _errors;

    /// <summary>When something was first acknowledged after that moment; null: not yet.</summary>
    public long? FirstAfter(long moment) => _acknowledged.Where(a => a.At > moment).Select(a => (long?)a.At).Min();

    public Writers Start()
    {
        _writing = Task.WhenAll(Enumerable.Range(0, count).Select(_ => Task.Run(WriteAsync)));
        return this;
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _writing;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _database.DisposeAsync();
        _stop.Dispose();
    }

    private async Task WriteAsync()
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!_stop.IsCancellationRequested)
        {
            var id = Interlocked.Increment(ref _next);
            try
            {
                await using var insert = _database.CreateCommand("INSERT INTO orders (id) VALUES ($1)");
                insert.Parameters.Add(new() { Value = id });
                await insert.ExecuteNonQueryAsync(_stop.Token);
                _acknowledged.Add((id, TimeProvider.System.GetTimestamp()));
            }
            catch (Exception error) when (error is NpgsqlException or OperationCanceledException)
            {
                _errors.Add(error); // not acknowledged: it may be stored or not
            }
            await tick.WaitForNextTickAsync();
        }
    }
}
