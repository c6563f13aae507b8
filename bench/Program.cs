using Shabou.Bench;
using Shabou.Bench.Forecast;
using Shabou.Bench.Jobs;

if (args is ["baseline", var connection, var port]) // started by the catalog's bench
{
    await Baseline.RunAsync(connection, int.Parse(port));
    return 0;
}

if (args is ["queue", var queue]) // started by the jobs' bench
{
    await ContestantProgram.RunAsync(queue);
    return 0;
}

string[] known = ["start", "forecast", "catalog", "jobs", "budget"];
string[] options = ["--file", "--horizon", "--out", "--database", "--turns", "--jobs"];
if (args.Contains("--help") || args.Where((a, i) => !known.Contains(a) && !options.Contains(a) && !(i > 0 && options.Contains(args[i - 1]))).Any())
{
    Console.WriteLine("""
        bench/run [start] [forecast [--file demand.csv[.gz]]] [catalog [--database connection-string]]
                  [jobs [--turns 5] [--jobs number]] [budget]      all of them without a name

          start      from `dotnet run --project AppHost --no-build` to Ready: a new data folder, then an initialised one,
                     against PostgreSQL and Redis alone on this machine
          forecast --file demand.csv[.gz] --horizon steps [--out forecasts.csv]
                     forecasts every row of the file, without any server, and writes id,h,mean,q05,...,q99
          forecast   import, training and forecasts of all series through the gateway; default: the public carparts series
          catalog    pages, searches, price lists and bulk upserts on 1,000,000 parts; --database keeps them for the next run
          jobs       no-op jobs and single ones through our queue, graphile-worker, pg-boss (by npm) and a bare loop, on a PostgreSQL with
                     fsync on: 20,000 and 200,000, or as many as --jobs says; --turns 1 for a quick look
          budget     4 processes x 250 reservations of paid calls, a tenth of them killed before they send, against a simulator that fails at random
        """);
    return args.Contains("--help") ? 0 : 2;
}
if (args.Contains("forecast") && Option("--horizon") is { } horizon)
{
    if (Option("--file") is { } demand && int.TryParse(horizon, out var steps) && steps is >= 1 and <= 1000) return FileForecast.Run(demand, steps, Option("--out"));
    Console.Error.WriteLine("forecast --horizon takes 1 to 1000 steps and a --file.");
    return 2;
}
var root = Environment.GetEnvironmentVariable("BENCH_ROOT") ?? Directory.GetCurrentDirectory();
Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}, {DateTime.UtcNow:yyyy-MM-dd}");
if (args.Length == 0 || args.Contains("start")) await StartBench.RunAsync(root);
if (args.Length == 0 || args.Contains("forecast"))
    await ForecastBench.RunAsync(root, Option("--file") ?? Path.Combine(root, "../shared/data/carparts_zero_filled.csv.gz"));
if (args.Length == 0 || args.Contains("catalog")) await CatalogBench.RunAsync(Option("--database"));
if (args.Length == 0 || args.Contains("jobs"))
    await JobsBench.RunAsync(root, int.Parse(Option("--turns") ?? "5"), Option("--jobs") is { } jobs ? int.Parse(jobs) : null);
if (args.Length == 0 || args.Contains("budget")) await BudgetBench.RunAsync();
return 0;

string? Option(string name) => args.SkipWhile(a => a != name).Skip(1).FirstOrDefault();
