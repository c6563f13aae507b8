using Shabou.Bench;
using Shabou.Bench.Failover;
using Shabou.Bench.Forecast;
using Shabou.Bench.Gateway;
using Shabou.Bench.Jobs;

// `dotnet run` starts a web project in its own folder.
if (Environment.GetEnvironmentVariable("BENCH_FROM") is { } from) Environment.CurrentDirectory = from;

if (args is ["baseline", var connection, var port]) // started by the catalog's bench
{
    await Baseline.RunAsync(connection, int.Parse(port));
    return 0;
}

if (args is ["upstream", var behind]) // started by the gateway's bench
{
    await OneKilobyte.RunAsync(int.Parse(behind));
    return 0;
}

if (args is ["bare-yarp", var front, var upstream, var certificate, var key]) // started by the gateway's bench
{
    await BareYarp.RunAsync(int.Parse(front), upstream, certificate, key);
    return 0;
}

if (args is ["queue", var queue]) // started by the jobs' bench
{
    await ContestantProgram.RunAsync(queue);
    return 0;
}

if (args is ["orders", ..]) return OrdersCommand.Run(args);
if (args is ["data", "failover"]) return await FailoverBench.RunAsync(Environment.GetEnvironmentVariable("BENCH_ROOT") ?? Directory.GetCurrentDirectory());

string[] known = ["start", "forecast", "accuracy", "speed", "inventory", "vn2", "catalog", "jobs", "budget", "gateway"];
string[] options = ["--file", "--horizon", "--out", "--only", "--database", "--turns", "--jobs"];
if (args.Contains("--help") || args.Where((a, i) => !known.Contains(a) && !options.Contains(a) && !(i > 0 && options.Contains(args[i - 1]))).Any())
{
    Console.WriteLine("""
        bench/run [start] [forecast [--file demand.csv[.gz]]] [accuracy [--only carparts]] [speed] [inventory] [vn2] [catalog [--database connection-string]]
                  [jobs [--turns 5] [--jobs number]] [budget] [gateway [--turns 5]]      all of them without a name
        bench/run forecast --file demand.csv[.gz] --horizon steps [--out forecasts.csv]
        bench/run data [drill [--parts number] | failover]      both without a name
        bench/run orders --sales F --instock G --state S [--out O]

          start      from `dotnet run --project AppHost --no-build` to Ready: a new data folder, then an initialised one,
                     against PostgreSQL and Redis alone on this machine
          forecast --file demand.csv[.gz] --horizon steps [--out forecasts.csv]
                     forecasts every row of the file, without any server, and writes id,h,mean,q05,...,q99
          forecast   accuracy, speed, inventory and vn2; then import, training and forecasts of all series of carparts through the gateway;
                     --file: this last alone, with another file
          accuracy   accuracy and coverage on the public series in ../shared/data, beside what others got; --only: the tables whose titles start so
          speed      series a second and core
          inventory  stock that a fill rate takes on the public spare parts, with several distributions of demand
          vn2        the inventory game of the VN2 challenge on its own history
          orders     the orders of the week after a history, id,order, to the screen or a file; takes the three files of the VN2 challenge's format
          catalog    pages, searches, price lists and bulk upserts on 1,000,000 parts; --database keeps them for the next run
          data drill backs up and restores the demo database, with its loss and the time it takes
          data failover
                     kills the primary under 1,000 requests a minute and 5 jobs a second, promotes its standby, and looks for what clients were told is stored
          jobs       no-op jobs and single ones through our queue, graphile-worker, pg-boss (by npm) and a bare loop, on a PostgreSQL with
                     fsync on: 20,000 and 200,000, or as many as --jobs says; --turns 1 for a quick look
          gateway    1 KB of JSON through nginx, haproxy, caddy, YARP alone (those that are installed) and our gateway: processor time, rate, latency
          budget     4 processes x 250 reservations of paid calls, a tenth of them killed before they send, against a simulator that fails at random
        """);
    return args.Contains("--help") ? 0 : 2;
}
if (args.Contains("forecast") && args.Contains("--horizon"))
{
    if (Option("--file") is { } demand && int.TryParse(Option("--horizon"), out var steps) && steps is >= 1 and <= 1000) return FileForecast.Run(demand, steps, Option("--out"));
    Console.Error.WriteLine("bench/run forecast --file demand.csv[.gz] --horizon steps: the steps must be a whole number from 1 to 1000, and the file be named.");
    return 2;
}
var root = Environment.GetEnvironmentVariable("BENCH_ROOT") ?? Directory.GetCurrentDirectory();
Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}, {DateTime.UtcNow:yyyy-MM-dd}");
if (args.Length == 0 || args.Contains("start")) await StartBench.RunAsync(root);
var whole = args.Length == 0 || (args.Contains("forecast") && Option("--file") is null);
if (whole || args.Contains("accuracy")) AccuracyBench.Run(root, Option("--only"));
if (whole || args.Contains("speed")) SpeedBench.Run(root);
if (whole || args.Contains("inventory")) InventoryBench.Run(root);
if (whole || args.Contains("vn2")) Vn2Bench.Run(root);
if (args.Length == 0 || args.Contains("forecast"))
    await ForecastBench.RunAsync(root, Option("--file") ?? Path.Combine(root, "../shared/data/carparts_zero_filled.csv.gz"));
if (args.Length == 0 || args.Contains("catalog")) await CatalogBench.RunAsync(Option("--database"));
if (args.Length == 0 || args.Contains("jobs"))
    await JobsBench.RunAsync(root, int.Parse(Option("--turns") ?? "5"), Option("--jobs") is { } jobs ? int.Parse(jobs) : null);
if (args.Length == 0 || args.Contains("budget")) await BudgetBench.RunAsync();
if (args.Length == 0 || args.Contains("gateway")) await GatewayBench.RunAsync(root, int.Parse(Option("--turns") ?? "5"));
return 0;

string? Option(string name) => args.SkipWhile(a => a != name).Skip(1).FirstOrDefault();
