namespace Shabou.Forecasting;

/// <summary>How the parts of a group sell together.</summary>
/// <param name="Mean">Units per part and period over the last window.</param>
/// <param name="Size">Units per period with demand, never 0 (1 where nothing was ever sold).</param>
internal readonly record struct GroupLevel(double Mean, double Size)
{
    /// <summary>Periods with demand per period, 0 to 1.</summary>
    public double Frequency => Mean / Size;

    /// <summary>Measures each group over a window that ends some periods before the end of the histories.</summary>
    /// <param name="parts">All parts; their histories end together.</param>
    /// <param name="members">Positions of each group's parts.</param>
    /// <param name="cut">Periods at the end that are not looked at.</param>
    /// <param name="window">Periods before that, 1 or more.</param>
    public static GroupLevel[] At(IReadOnlyList<PartHistory> parts, List<int>[] members, int cut, int window)
    {
        var levels = new GroupLevel[members.Length];
        for (var group = 0; group < levels.Length; group++)
        {
            double demand = 0;
            int periods = 0, demands = 0;
            foreach (var part in members[group])
            {
                var history = parts[part].Demand;
                for (var t = Math.Max(0, history.Length - cut - window); t < history.Length - cut; t++)
                {
                    if (double.IsNaN(history[t])) continue;
                    periods++;
                    if (history[t] <= 0) continue;
                    demand += history[t];
                    demands++;
                }
            }

            levels[group] = demands > 0 ? new(demand / periods, demand / demands) : new(0, 1);
        }

        return levels;
    }
}
