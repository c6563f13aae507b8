using Shabou.Bench;

string[] known = ["start", "forecast"];
if (args.Contains("--help") || args.Except(["--file"]).Any(a => !known.Contains(a) && !a.EndsWith(".csv", StringComparison.Ordinal) && !a.EndsWith(".gz", StringComparison.Ordinal)))
{
    Console.WriteLine("""
        bench/run [start] [forecast [--file demand.csv[.gz]]]      all of them without a name

          start      from `dotnet run --project AppHost --no-build` to Ready: a new data folder, then an initialised one,
                     against PostgreSQL and Redis alone on this machine
          forecast   import, training and forecasts of all series through the gateway; default: the public carparts series
        """);
    return args.Contains("--help") ? 0 : 2;
}
var root = Environment.GetEnvironmentVariable("BENCH_ROOT") ?? Directory.GetCurrentDirectory();
Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}, {DateTime.UtcNow:yyyy-MM-dd}");
if (args.Length == 0 || args.Contains("start")) await StartBench.RunAsync(root);
if (args.Length == 0 || args.Contains("forecast"))
    await ForecastBench.RunAsync(root, args.SkipWhile(a => a != "--file").Skip(1).FirstOrDefault() ?? Path.Combine(root, "../shared/data/carparts_zero_filled.csv.gz"));
return 0;
