using Shabou.Forecasting;

namespace Shabou.ForecastService.Groups;

/// <summary>Histories of parts and of the categories above them on one grid, and their one-step errors: what reconciliation goes by. A pure function.</summary>
/// <param name="Tree">Of the paths below the asked category.</param>
/// <param name="Categories">Demand per category and period, oldest first; all of one length, without a gap.</param>
/// <param name="Errors">Per node of the tree, of the latest periods, at most <see cref="MostErrors"/>.</param>
/// <remarks>Discontinued parts count with nothing: their demand is expected of no one, or stands in the history of the part that replaces them. Gaps of a part
/// are filled from their neighbours, or a stock-out would look like a dip of the category; before its first observed demand a part counts zero,
/// after its history what is expected of it.</remarks>
internal sealed record NodeHistories(CategoryTree Tree, double[][] Categories, double[][] Errors)
{
    /// <summary>Periods whose errors count: five years of months.</summary>
    public const int MostErrors = 60;

    private const int LongestHistory = 2_048; // older periods change no forecast
    private const int FewestErrors = 2;
    private const int FewestObserved = 4; // a part with fewer has no errors that could be believed

    /// <param name="parts">Of one frequency, with their histories, in order of SKU.</param>
    /// <param name="under">Path of the asked category.</param>
    /// <param name="first">Number of the period after the newest history.</param>
    /// <param name="season">Periods of the cycle.</param>
    public static NodeHistories Of(IReadOnlyList<GroupedPart> parts, string under, int first, int season)
    {
        var tree = CategoryTree.Of([.. parts.Select(part => part.Path[under.Length..])]);
        var length = Math.Min(LongestHistory, parts.Max(part => part.History!.Discontinued ? 0 : first - part.First + part.History.Demand.Length));
        var window = Math.Max(FewestErrors, Math.Min(length, MostErrors));
        var leaves = parts.Select(part => Filled(part, first, length)).ToArray();
        var categories = Enumerable.Range(0, tree.Categories.Count).Select(_ => new double[length]).ToArray();
        Span<double> leavesAt = new double[tree.Leaves];
        Span<double> nodesAt = new double[tree.Nodes];
        for (var t = 0; t < length; t++)
        {
            for (var leaf = 0; leaf < leaves.Length; leaf++) leavesAt[leaf] = leaves[leaf].Demand[t];
            tree.Sum(leavesAt, nodesAt);
            for (var c = 0; c < categories.Length; c++) categories[c][t] = nodesAt[c];
        }

        return new(tree, categories,
            [.. categories.Select(demand => Last(OneStepErrors.Of(demand, season), window)), .. parts.Zip(leaves, (part, leaf) => ErrorsOf(part, leaf.Demand, leaf.Start, season, window))]);
    }

    /// <summary>A part's demand in the periods before the first one to be forecast, and where its own begins.</summary>
    private static (double[] Demand, int Start) Filled(GroupedPart part, int first, int length)
    {
        var filled = new double[length];
        var own = part.History!.Demand;
        if (part.History.Discontinued || !own.AsSpan().ContainsAnyExcept(double.NaN)) return (filled, length);
        var whole = new double[own.Length];
        MissingValues.Interpolate(own, whole);
        var observed = 0;
        while (double.IsNaN(own[observed])) observed++;
        var begin = length - (first - part.First) - own.Length; // place of the history's first period; before the grid's when it is long
        for (var t = Math.Max(0, begin + observed); t < length; t++)
            filled[t] = t - begin < own.Length ? whole[t - begin] : part.MeanAt(part.First + t - begin - own.Length);
        return (filled, Math.Max(0, begin + observed));
    }

    private static double[] ErrorsOf(GroupedPart part, double[] filled, int start, int season, int window)
    {
        if (part.History!.Discontinued) return new double[window]; // nothing is expected, and nothing moves that
        if (part.History.Demand.Count(value => !double.IsNaN(value)) < FewestObserved) return AsCounts(part.MeanAt(part.First), window);
        var own = OneStepErrors.Of(filled.AsSpan(start), season);
        var errors = Last(own, window);
        // Of a young part there are fewer: their mean square is kept, or it would be believed for having no past.
        var scale = own.Length < window ? Math.Sqrt((double)window / own.Length) : 1;
        foreach (ref var error in errors.AsSpan()) error *= scale;
        return errors;
    }

    // As uncertain as counts are: variance = mean. The signs alternate, so that it goes with no season.
    private static double[] AsCounts(double mean, int window)
    {
        var errors = new double[window];
        for (var t = 0; t < window; t++) errors[t] = t % 2 == 0 ? Math.Sqrt(mean) : -Math.Sqrt(mean);
        return errors;
    }

    private static double[] Last(double[] errors, int window)
    {
        var last = new double[window];
        var count = Math.Min(window, errors.Length);
        errors.AsSpan(errors.Length - count).CopyTo(last.AsSpan(window - count));
        return last;
    }
}
