using System.Globalization;
using Shabou.Forecasting;

namespace Shabou.Bench.Forecast;

/// <summary>Orders for the week after a history, as <c>id,order</c>: plays the game of the VN2 challenge week by week.</summary>
internal static class OrdersCommand
{
    public const string Usage = "bench/run orders --sales F --instock G --state S [--out O]";

    public static int Run(string[] args)
    {
        if (Option("--sales") is not { } salesFile || Option("--instock") is not { } inStockFile || Option("--state") is not { } stateFile)
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        try
        {
            var (sales, inStock, state) = (WideFile.Read(salesFile, "v1"), WideFile.Read(inStockFile, "s1"), WideFile.Read(stateFile));
            var lines = Orders(sales, inStock, state);
            if (Option("--out") is { } file) File.WriteAllLines(file, lines);
            else foreach (var line in lines) Console.WriteLine(line);
            return 0;
        }
        catch (Exception error) when (error is InvalidDataException or IOException or ArgumentException or FormatException)
        {
            Console.Error.WriteLine(error.Message);
            return 1;
        }

        string? Option(string name) => args.SkipWhile(a => a != name).Skip(1).FirstOrDefault();
    }

    /// <summary>Rows are matched by id. A mask shorter than the history means in stock since; a state is stock, then goods that arrive next week, the week after ...</summary>
    private static IEnumerable<string> Orders(WideFile sales, WideFile inStock, WideFile state)
    {
        var masks = Rows(inStock);
        var states = Rows(state);
        var orders = WeeklyOrders.Decide(sales.Values, [.. sales.Ids.Select((id, i) => Mask(masks[Known(masks, id)], sales.Values[i].Length))],
            [.. sales.Ids.Select(id => states[Known(states, id)]).Select(row => new PipelineState(row[0], row[1..]))], new());
        return sales.Ids.Select((id, i) => string.Create(CultureInfo.InvariantCulture, $"{id},{orders[i]:0}")).Prepend("id,order");

        static Dictionary<string, double[]> Rows(WideFile file) => file.Ids.Zip(file.Values).ToDictionary(row => row.First, row => row.Second);
        static string Known(Dictionary<string, double[]> rows, string id) => rows.ContainsKey(id) ? id : throw new InvalidDataException($"{id} has sales, but no row in the mask or the state.");
        static bool[] Mask(double[] flags, int weeks) => [.. Enumerable.Range(0, weeks).Select(t => t >= flags.Length || flags[t] != 0)];
    }
}
