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
            var (sales, inStock, state) = (DemandFile.Read(salesFile), DemandFile.Read(inStockFile), DemandFile.ReadStock(stateFile));
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
    private static IEnumerable<string> Orders(List<DemandRow> sales, List<DemandRow> inStock, List<DemandRow> state)
    {
        var masks = Rows(inStock);
        var states = Rows(state);
        var weeks = sales.Count == 0 ? 0 : sales.Max(row => row.Values.Length);
        var orders = WeeklyOrders.Decide([.. sales.Select(row => Known(row.Values, weeks))], [.. sales.Select(row => Mask(Of(masks, row.Id), weeks))],
            [.. sales.Select(row => Of(states, row.Id) is [var stock, .. var due] ? new PipelineState(stock, due) : throw new InvalidDataException($"{row.Id} has no stock in the state."))], new());
        return sales.Select((row, i) => string.Create(CultureInfo.InvariantCulture, $"{row.Id},{orders[i]:0}")).Prepend("id,order");

        static Dictionary<string, double[]> Rows(List<DemandRow> file) => file.ToDictionary(row => row.Id, row => row.Values);
        static double[] Of(Dictionary<string, double[]> rows, string id) => rows.TryGetValue(id, out var row) ? row : throw new InvalidDataException($"{id} has sales, but no row in the mask or the state.");
        static double[] Known(double[] sales, int weeks) => [.. sales, .. Enumerable.Repeat(double.NaN, weeks - sales.Length)];
        static bool[] Mask(double[] flags, int weeks) => [.. Enumerable.Range(0, weeks).Select(t => t >= flags.Length || flags[t] != 0)];
    }
}
