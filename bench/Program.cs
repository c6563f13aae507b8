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

if (args is ["orders", ..]) return OrdersCommand.Run(args);

string[] known = ["start", "forecast", "inventory", "vn2", "catalog", "jobs", "budget"];
string[] options = ["--file", "--database", "--turns", "--jobs"];
if (args.Contains("--help") || args.Where((a, i) => !known.Contains(a) && !options.Contains(a) && !(i > 0 && options.Contains(args[i - 1]))).Any())
{
    Console.WriteLine("""
        bench/run [start] [forecast [--file demand.csv[.gz]]] [catalog [--database connection-string]]
                  [inventory] [vn2] [jobs [--turns 5] [--jobs number]] [budget]      all of them without a name
        bench/run orders --sales F --instock G --state S [--out O]

          start      from `dotnet run --project AppHost --no-build` to Ready: a new data folder, then an initialised one,
                     against PostgreSQL and Redis alone on this machine
          forecast   import, training and forecasts of all series through the gateway; default: the public carparts series
          inventory  stock that a fill rate takes on the public spare parts, with several distributions of demand
          vn2        the inventory game of the VN2 challenge on its own history
          orders     the orders of the week after a history, id,order, to the screen or a file; takes the three files of the VN2 challenge's format
          catalog    pages, searches, price lists and bulk upserts on 1,000,000 parts; --database keeps them for the next run
          jobs       no-op jobs and single ones through our queue, graphile-worker, pg-boss (by npm) and a bare loop, on a PostgreSQL with
                     fsync on: 20,000 and 200,000, or as many as --jobs says; --turns 1 for a quick look
          budget     4 processes x 250 reservations of paid calls, a tenth of them killed before they send, against a simulator that fails at random
        """);
    return args.Contains("--help") ? 0 : 2;
}
var root = Environment.GetEnvironmentVariable("BENCH_ROOT") ?? Directory.GetCurrentDirectory();
Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}, {DateTime.UtcNow:yyyy-MM-dd}");
if (args.Length == 0 || args.Contains("start")) await StartBench.RunAsync(root);
if (args.Length == 0 || args.Contains("forecast"))
    await ForecastBench.RunAsync(root, Option("--file") ?? Path.Combine(root, "../shared/data/carparts_zero_filled.csv.gz"));
if (args.Length == 0 || args.Contains("inventory")) InventoryBench.Run(root);
if (args.Length == 0 || args.Contains("vn2")) Vn2Bench.Run(root);
if (args.Length == 0 || args.Contains("catalog")) await CatalogBench.RunAsync(Option("--database"));
if (args.Length == 0 || args.Contains("jobs"))
    await JobsBench.RunAsync(root, int.Parse(Option("--turns") ?? "5"), Option("--jobs") is { } jobs ? int.Parse(jobs) : null);
if (args.Length == 0 || args.Contains("budget")) await BudgetBench.RunAsync();
return 0;

string? Option(string name) => args.SkipWhile(a => a != name).Skip(1).FirstOrDefault();
