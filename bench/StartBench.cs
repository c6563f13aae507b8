namespace Shabou.Bench;

/// <summary>How long a user waits after the command.</summary>
internal static class StartBench
{
    public static async Task RunAsync(string root)
    {
        var data = RunningSystem.NewDataFolder();
        try
        {
            var first = await MeasureAsync(root, data);
            var again = new List<TimeSpan>();
            for (var i = 0; i < 3; i++) again.Add(await MeasureAsync(root, data));
            again.Sort();
            Console.WriteLine();
            Console.WriteLine("start (Debug, as ./run)      seconds   goal");
            Console.WriteLine($"first start, new data       {first.TotalSeconds,7:F1}   <= 15");
            Console.WriteLine($"initialised data (median)   {again[1].TotalSeconds,7:F1}   <= 8");
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task<TimeSpan> MeasureAsync(string root, string data)
    {
        await using var system = await RunningSystem.StartAsync(root, data, "Debug", demoParts: 2_000);
        return system.UntilReady;
    }
}
