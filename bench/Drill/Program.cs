using System.Globalization;
using Shabou.Bench;

// `dotnet run` starts a program in its own folder.
if (Environment.GetEnvironmentVariable("BENCH_FROM") is { } from) Environment.CurrentDirectory = from;
var parts = 1_000_000;
if (args is ["--parts", var text] && !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out parts) || args is not ([] or ["--parts", _]))
{
    Console.Error.WriteLine("bench/run data drill [--parts number]: the parts must be a whole number.");
    return 2;
}
Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}, {DateTime.UtcNow:yyyy-MM-dd}");
return await DrillBench.RunAsync(parts, CancellationToken.None);
