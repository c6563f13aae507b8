using System.Diagnostics;
using System.Text.Json;
using Npgsql;

namespace Shabou.Bench.Jobs;

/// <summary>A job queue in a process of its own, on a database of its own. It takes commands and answers them, a line of JSON each.</summary>
internal sealed class Contestant : IAsyncDisposable
{
    private readonly IReadOnlyList<string> _program;
    private readonly Process _process;

    private Contestant(IReadOnlyList<string> program, Process process, string database) => (_program, _process, Database) = (program, process, database);

    /// <summary>Connection string.</summary>
    public string Database { get; }

    /// <summary>Processor time that it used so far, the database's not included.</summary>
    public TimeSpan Processor
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <param name="program">What to start, then its arguments.</param>
    /// <param name="database">Connection string, handed over in the environment.</param>
    public static Contestant Start(IReadOnlyList<string> program, string database)
    {
        var connection = new NpgsqlConnectionStringBuilder(database);
        var start = new ProcessStartInfo(program[0], program.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment[ContestantProgram.DatabaseVariable] = database;
        start.Environment["PGHOST"] = connection.Host;
        start.Environment["PGPORT"] = $"{connection.Port}";
        start.Environment["PGUSER"] = connection.Username;
        start.Environment["PGPASSWORD"] = connection.Password;
        start.Environment["PGDATABASE"] = connection.Database;
        return new(program, Process.Start(start)!, database);
    }

    /// <summary>A second process of the same kind on the same database.</summary>
    public Contestant Again() => Start(_program, Database);

    /// <summary>An empty queue, its tables made when they are missing.</summary>
    public Task PrepareAsync() => AskAsync(new { @do = "prepare" });

    public Task EnqueueAsync(int jobs) => AskAsync(new { @do = "enqueue", jobs });

    /// <summary>Runs all jobs that are there.</summary>
    /// <returns>Seconds from the start of the work to the last job finished.</returns>
    public async Task<double> RunAsync(int jobs, int concurrency, string mode) =>
        (await AskAsync(new { @do = "run", jobs, concurrency, mode })).GetProperty("seconds").GetDouble();

    /// <summary>Waits for single jobs from now on.</summary>
    public Task ListenAsync(int concurrency, string mode) => AskAsync(new { @do = "listen", concurrency, mode });

    /// <summary>Enqueues one job after each gap, in milliseconds.</summary>
    public Task FeedAsync(IReadOnlyList<double> gaps) => AskAsync(new { @do = "feed", gaps });

    /// <summary>Ends the listening.</summary>
    /// <returns>Milliseconds from just before a job was sent to the start of its handler, one for each job.</returns>
    public async Task<IReadOnlyList<double>> PickupsAsync(int jobs) =>
        [.. (await AskAsync(new { @do = "pickups", jobs })).GetProperty("milliseconds").EnumerateArray().Select(pickup => pickup.GetDouble())];

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close(); // the end of its commands
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await _process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private async Task<JsonElement> AskAsync(object command)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(command));
        await _process.StandardInput.FlushAsync();
        var answer = await _process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(15))
            ?? throw new InvalidOperationException($"{_process.StartInfo.FileName} {string.Join(' ', _process.StartInfo.ArgumentList)} ended instead of answering.");
        return JsonSerializer.Deserialize<JsonElement>(answer);
    }
}
