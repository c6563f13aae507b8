namespace Shabou.Forecasting;

/// <summary>What the linear model learns from: histories cut off at several origins, with the demand that followed.</summary>
internal sealed class PooledRows
{
    /// <summary>Periods between origins.</summary>
    public const int Step = 3;

    private const int MostCuts = 16;
    private const int MostRows = 200_000;

    private readonly double[] _features;
    private readonly int[] _cuts;
    private readonly GroupLevel[][] _levels;
    private readonly int[] _groups;
    private readonly PartHistory[] _parts;

    private PooledRows(PartHistory[] parts, int[] cuts, GroupLevel[][] levels, int[] groups) =>
        (_parts, _cuts, _levels, _groups, _features) = (parts, cuts, levels, groups, new double[(long)parts.Length * cuts.Length * PooledFeatures.Count]);

    /// <summary>Rows: all parts at the first cut, all at the second ...</summary>
    public int Count => _parts.Length * _cuts.Length;

    public ReadOnlySpan<double> Features(int row) => _features.AsSpan(row * PooledFeatures.Count, PooledFeatures.Count);

    public GroupLevel Group(int row) => _levels[row / _parts.Length][_groups[row % _parts.Length]];

    private PartHistory Part(int row) => _parts[row % _parts.Length];

    /// <summary>Cuts the histories 3, 6, 9 ... periods before their end, at most 16 times, while half of the parts have enough before it.</summary>
    /// <param name="parts">Ordered by id. Beyond 200,000 rows only every second, third ... part is learned from.</param>
    /// <param name="groups">Their groups; levels are measured on all parts.</param>
    /// <param name="options">Threads and cancellation.</param>
    public static PooledRows Of(PartHistory[] parts, PartGroups groups, ParallelOptions options)
    {
        int[] lengths = [.. parts.Select(part => part.Demand.Length).Order()];
        var usual = lengths.Length > 0 ? lengths[lengths.Length / 2] : 0;
        int[] cuts = [.. Enumerable.Range(1, Math.Clamp((usual - PooledFeatures.FewestPeriods) / Step, 0, MostCuts)).Select(i => i * Step)];
        var members = groups.Members(parts);
        var window = parts.Length > 0 ? PooledFeatures.Window(parts[0].Season) : 12;
        GroupLevel[][] levels = [.. cuts.Select(cut => GroupLevel.At(parts, members, cut, window))];
        var every = Math.Max(1, (int)Math.Ceiling((double)parts.Length * cuts.Length / MostRows));
        PartHistory[] sample = [.. parts.Where((_, i) => i % every == 0)];
        var rows = new PooledRows(sample, cuts, levels, [.. sample.Select(part => groups.Nearest(part.Group))]);
        Parallel.For(0, sample.Length, options, rows.Write);
        return rows;
    }

    /// <summary>Mean demand per period over steps [from, to) after each row's origin; NaN where it is not known, or where the origin comes too
    /// early for a forecast. Without missing periods it is their plain mean.</summary>
    public double[] Target(int from, int to)
    {
        var target = new double[Count];
        for (var row = 0; row < target.Length; row++)
        {
            var history = Part(row).Demand;
            var origin = history.Length - _cuts[row / _parts.Length];
            target[row] = double.IsNaN(Features(row)[0]) || origin + to > history.Length ? double.NaN : Mean(history.AsSpan((origin + from)..(origin + to)));
        }

        return target;
    }

    private static double Mean(ReadOnlySpan<double> demand)
    {
        var sum = 0.0;
        var observed = 0;
        foreach (var value in demand)
        {
            if (double.IsNaN(value)) continue;
            sum += Math.Max(0, value);
            observed++;
        }

        return observed > 0 ? sum / observed : double.NaN;
    }

    private void Write(int part)
    {
        var history = _parts[part].Demand;
        var window = PooledFeatures.Window(_parts[part].Season);
        for (var i = 0; i < _cuts.Length; i++)
        {
            var features = _features.AsSpan((i * _parts.Length + part) * PooledFeatures.Count, PooledFeatures.Count);
            var origin = history.Length - _cuts[i];
            if (origin > 0 && PooledFeatures.Enough(history.AsSpan(0, origin)))
                PooledFeatures.Write(history.AsSpan(0, origin), window, _levels[i][_groups[part]], features);
            else features.Fill(double.NaN);
        }
    }
}
