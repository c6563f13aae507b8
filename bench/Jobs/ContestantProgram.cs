using System.Diagnostics;
using System.Text.Json;

namespace Shabou.Bench.Jobs;

/// <summary>A job queue as <see cref="ContestantProgram"/> drives it.</summary>
internal interface IContestantQueue
{
    Task PrepareAsync();

    Task EnqueueAsync(int jobs);

    /// <returns>How long it took from the start of the work to the last job finished.</returns>
    Task<TimeSpan> RunAsync(int jobs, int concurrency, string mode);

    /// <param name="concurrency">Jobs at once.</param>
    /// <param name="mode">How.</param>
    /// <param name="onJob">Called by each job's handler with the time in its payload.</param>
    Task ListenAsync(int concurrency, string mode, Action<double> onJob);

    Task SendAsync(double sentAt);

    /// <summary>Ends the listening.</summary>
    Task CloseAsync();
}

/// <summary>The other end of <see cref="Contestant"/>, for queues in .NET; peers/jobs/contestant.mjs is the same for those in Node.js.</summary>
internal static class ContestantProgram
{
    public const string DatabaseVariable = "BENCH_JOBS_DATABASE";

    /// <summary>Milliseconds of the machine's monotonic clock, which all processes share.</summary>
    public static double Now => Stopwatch.GetTimestamp() * 1000.0 / Stopwatch.Frequency;

    /// <param name="name">"bare" or "shabou".</param>
    public static async Task RunAsync(string name)
    {
        var database = Environment.GetEnvironmentVariable(DatabaseVariable) ?? throw new InvalidOperationException($"{DatabaseVariable} is not set.");
        IContestantQueue queue = name == "bare" ? new BareQueue(database) : new ShabouQueue(database);
        var pickups = new List<double>();
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var command = JsonSerializer.Deserialize<JsonElement>(line);
            Console.WriteLine(JsonSerializer.Serialize(await AnswerAsync(queue, command, pickups)));
        }
    }

    private static async Task<object> AnswerAsync(IContestantQueue queue, JsonElement command, List<double> pickups)
    {
        switch (command.GetProperty("do").GetString())
        {
            case "prepare":
                await queue.PrepareAsync();
                return new { };
            case "enqueue":
                await queue.EnqueueAsync(Number("jobs"));
                return new { };
            case "run":
                return new { seconds = (await queue.RunAsync(Number("jobs"), Number("concurrency"), command.GetProperty("mode").GetString()!)).TotalSeconds };
            case "listen":
                pickups.Clear();
                await queue.ListenAsync(Number("concurrency"), command.GetProperty("mode").GetString()!, sentAt =>
                {
                    var pickup = Now - sentAt;
                    lock (pickups) pickups.Add(pickup);
                });
                return new { };
            case "feed":
                await FeedAsync(queue, command.GetProperty("gaps").EnumerateArray().Select(gap => gap.GetDouble()));
                return new { };
            default: // pickups
                for (var limit = Now + 30_000; Count() < Number("jobs") && Now < limit;) await Task.Delay(5);
                await queue.CloseAsync();
                return new { milliseconds = pickups };
        }

        int Number(string name) => command.GetProperty(name).GetInt32();
        int Count()
        {
            lock (pickups) return pickups.Count;
        }
    }

    private static async Task FeedAsync(IContestantQueue queue, IEnumerable<double> gaps)
    {
        var due = Now;
        foreach (var gap in gaps)
        {
            due += gap;
            if (due > Now) await Task.Delay(TimeSpan.FromMilliseconds(due - Now));
            await queue.SendAsync(Now);
        }
    }
}
