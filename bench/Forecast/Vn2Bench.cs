using System.Diagnostics;
using Shabou.Forecasting;

namespace Shabou.Bench.Forecast;

/// <summary>The VN2 challenge on its own history: games of eight weeks, ours beside what others did.</summary>
internal static class Vn2Bench
{
    // Weeks known at the start. Our settings were chosen on the first six; the last three were only played to be reported,
    // twice: the treatment of peaks in PooledLevels came after the first time, for what it saves in the first six.
    private static readonly int[] s_chosenOn = [85, 93, 101, 109, 117, 125];
    private static readonly int[] s_reported = [133, 141, 149];

    public static void Run(string root)
    {
        if (DemandFile.Find(root, "vn2_weekly_sales_history.csv.gz") is not { } sales || DemandFile.Find(root, "vn2_weekly_instock_history.csv.gz") is not { } inStock) return;
        var game = new Vn2Game(DemandFile.Read(sales).ConvertAll(row => row.Values), DemandFile.Read(inStock).ConvertAll(row => row.Values));
        var peers = new Vn2Peers(game);
        Console.WriteLine("\nVN2 on history, cost of six decided weeks; games start after week\n" +
            $"{"",-34}{string.Concat(s_chosenOn.Select(s => $"{s,7}"))}   mean |{string.Concat(s_reported.Select(s => $"{s,7}"))}   mean");
        Row("do nothing", _ => Vn2Peers.Nothing);
        Row("organiser's benchmark", _ => peers.Organiser);
        var newsvendor = Row("newsvendor, chosen from history", start => peers.NewsvendorFromHistory(start).Contestant);
        var clock = Stopwatch.StartNew();
        var ours = Row("ours", _ => (weeks, states) => WeeklyOrders.Decide([.. game.Demand.Select(d => d[..weeks])], null, states, new()));
        Console.WriteLine($"ours / newsvendor {ours.Chosen / newsvendor.Chosen:F3} where chosen, {ours.Reported / newsvendor.Reported:F3} where only reported (goal 3,650 / 3,787 = .964); {clock.Elapsed.TotalSeconds / 54:F2} s a week's decision");
        Console.WriteLine("in the competition's weeks, which are not in the data: do nothing 9,961, organiser 4,334, newsvendor 3,787, winner 3,763");

        (double Chosen, double Reported) Row(string name, Func<int, Contestant> contestant)
        {
            var (chosen, reported) = (Costs(s_chosenOn), Costs(s_reported));
            Console.WriteLine($"{name,-34}{string.Concat(chosen.Select(c => $"{c,7:F0}"))}{chosen.Average(),7:F0} |{string.Concat(reported.Select(c => $"{c,7:F0}"))}{reported.Average(),7:F0}");
            return (chosen.Average(), reported.Average());

            double[] Costs(int[] starts) => [.. starts.Select(s => game.Play(s, contestant(s)))];
        }
    }
}
