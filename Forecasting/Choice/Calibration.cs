namespace Shabou.Forecasting;

/// <summary>Quantiles that hold what they say: what the errors of a segment were on rolling origins, by level and step.</summary>
/// <remarks>
/// Regular demand: a quantile is the forecast + the part's spread x the pooled quantile of (demand - forecast) / spread, which is split conformal
/// prediction with a normalised score, both sides apart (Lei et al. 2018; Romano, Patterson &amp; Candes 2019). Seldom demand: a quantile
/// is that of the negative binomial at the level which the pooled, randomised probability transform reached in fact (Kuleshov, Fenner &amp; Ermon 2018).
/// Errors of few parts are drawn towards the uncorrected distribution with the weight of <see cref="PriorErrors"/> errors. Past
/// the last step that was scored, errors of regular demand grow with the root of the step.
/// <para>The parts of a run share one calendar, so all of them can be missed together and one run's coverage strays from the level: of 95 % intervals
/// .85 to .98 were right at 15 single origins inside M3 and hospital, .95 over all of them. Twice as long a stretch of origins and a spread of the
/// recent errors brought single origins no nearer to the level; one without the drift did by 8 %, for interval scores 1 to 5 % worse on quarters and months.</para>
/// </remarks>
internal sealed class Calibration(DemandRoute route, int steps, double[] values, double[] protection)
{
    private const double PriorErrors = 40;
    private const double FewestBeyond = 3;
    private const double FarthestLevel = 1e-6;

    private static readonly double[] NormalLevels = [.. QuantileForecast.Levels.ToArray().Select(NormalDistribution.Quantile)];
    private static readonly double[] NormalProtection = [.. ProtectionDemand.Levels.ToArray().Select(NormalDistribution.Quantile)];

    private readonly bool[] _repeats = Repeats(steps, values);

    public DemandRoute Route => route;

    /// <summary>Steps of the table.</summary>
    public int Steps => steps;

    /// <summary>Level by level, each with all steps: errors in spreads, or levels.</summary>
    public double[] Values => values;

    /// <summary>One per level of <see cref="ProtectionDemand.Levels"/>.</summary>
    public double[] Protection => protection;

    /// <summary>The uncorrected distribution: normal errors, or the negative binomial as it is.</summary>
    public static Calibration Uncorrected(DemandRoute route) => Of(route, [[]], []);

    /// <summary>Builds the table.</summary>
    /// <param name="errors">Per step the pooled errors in spreads, or transforms. Sorted in place.</param>
    /// <param name="sums">The same of demand over the protection interval.</param>
    public static Calibration Of(DemandRoute route, List<double>[] errors, List<double> sums)
    {
        var levels = QuantileForecast.Levels;
        var table = new double[levels.Length * errors.Length];
        var pool = new List<double>();
        for (var s = 0; s < errors.Length; s++)
        {
            if (route == DemandRoute.Regular || s == 0 || errors[s] != errors[s - 1])
            {
                pool.Clear();
                var reach = route == DemandRoute.Regular ? 1 : 0; // neighbouring steps steady the table
                for (var near = Math.Max(0, s - reach); near <= Math.Min(errors.Length - 1, s + reach); near++) pool.AddRange(errors[near]);
                pool.Sort();
            }

            for (var i = 0; i < levels.Length; i++)
                table[i * errors.Length + s] = Corrected(route, pool, levels[i], NormalLevels[i] * Math.Sqrt(s + 1));
        }

        if (route == DemandRoute.Regular) Centre(table, errors.Length);
        sums.Sort();
        var protection = new double[ProtectionDemand.Levels.Length];
        for (var i = 0; i < protection.Length; i++) protection[i] = Corrected(route, sums, ProtectionDemand.Levels[i], NormalProtection[i]);
        return new(route, errors.Length, table, protection);
    }

    /// <summary>Writes the quantiles of every step, level by level; never negative, never falling with the level.</summary>
    public void Write(ReadOnlySpan<double> mean, in ErrorSpread spread, Span<double> quantiles)
    {
        var count = QuantileForecast.Levels.Length;
        Span<double> working = stackalloc double[count];
        Span<double> step = stackalloc double[count];
        for (var s = 0; s < mean.Length; s++)
        {
            var column = Math.Min(s, steps - 1);
            if (route == DemandRoute.Regular)
            {
                var reach = spread.Scale * (s < steps ? 1 : Math.Sqrt((s + 1.0) / steps));
                for (var i = 0; i < count; i++) quantiles[i * mean.Length + s] = Math.Max(0, mean[s] + reach * values[i * steps + column]);
                continue;
            }

            for (var i = 0; i < count; i++) working[i] = values[i * steps + column];
            NegativeBinomial.Quantiles(mean[s], spread.VarianceOf(mean[s]), working, step);
            var end = s + 1;
            while (end < mean.Length && mean[end] == mean[s] && (end >= steps || _repeats[end])) end++;
            for (var i = 0; i < count; i++) quantiles[(i * mean.Length + s)..(i * mean.Length + end)].Fill(step[i]);
            s = end - 1;
        }
    }

    /// <summary>Writes the quantiles of a sum over periods.</summary>
    public void WriteSum(double mean, in ErrorSpread spread, int periods, Span<double> quantiles)
    {
        if (route == DemandRoute.Seldom) NegativeBinomial.Quantiles(mean, spread.VarianceOf(mean), protection, quantiles);
        else
            for (var i = 0; i < quantiles.Length; i++) quantiles[i] = Math.Max(0, mean + spread.Scale * Math.Sqrt(periods) * protection[i]);
    }

    // Whether the levels of each step are those of the step before.
    private static bool[] Repeats(int steps, double[] values)
    {
        var repeats = new bool[steps];
        for (var s = 1; s < steps; s++)
        {
            repeats[s] = true;
            for (var i = 0; i < QuantileForecast.Levels.Length; i++) repeats[s] &= values[i * steps + s] == values[i * steps + s - 1];
        }

        return repeats;
    }

    // The parts of a run share one calendar: that all of them were forecast too low lately tells of the times, not of the method, and was wrong
    // as often as right a year later. So only the distance from the middle is taken.
    private static void Centre(double[] table, int steps)
    {
        var middle = QuantileForecast.Levels.IndexOf(0.5);
        for (var s = 0; s < steps; s++)
        {
            var shift = table[middle * steps + s];
            for (var i = 0; i < QuantileForecast.Levels.Length; i++) table[i * steps + s] -= shift;
        }
    }

    private static double Corrected(DemandRoute route, List<double> sorted, double level, double normal)
    {
        var plain = route == DemandRoute.Regular ? normal : level;
        if (sorted.Count == 0) return plain;
        var corrected = (sorted.Count * Empirical(route, sorted, level) + PriorErrors * plain) / (sorted.Count + PriorErrors);
        return route == DemandRoute.Regular ? corrected : Math.Clamp(corrected, FarthestLevel, 1 - FarthestLevel);
    }

    // The (n + 1) p-th value, as conformal prediction asks for. Where fewer than three values lie beyond, the last level that has three is
    // carried on: normally for errors, proportionally for levels.
    private static double Empirical(DemandRoute route, List<double> sorted, double level)
    {
        var n = sorted.Count;
        var edge = Math.Min(0.5, FewestBeyond / (n + 1));
        var inside = Math.Clamp(level, edge, 1 - edge);
        var position = Math.Clamp(inside * (n + 1) - 1, 0, n - 1);
        var low = (int)position;
        var value = sorted[low] + (position - low) * (sorted[Math.Min(low + 1, n - 1)] - sorted[low]);
        if (inside == level) return value;
        if (route == DemandRoute.Seldom) return level > inside ? 1 - (1 - value) * (1 - level) / (1 - inside) : value * level / inside;
        var beyond = NormalDistribution.Quantile(level) - NormalDistribution.Quantile(inside);
        return value + beyond * (edge < 0.5 ? Math.Abs(value - sorted[n / 2]) / Math.Abs(NormalDistribution.Quantile(inside)) : 1);
    }
}
