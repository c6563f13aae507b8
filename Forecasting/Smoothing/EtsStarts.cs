namespace Shabou.Forecasting;

/// <summary>The points from which a model's likelihood is climbed. It has several summits, so one start is not enough.</summary>
/// <remarks>A grid over the smoothing parameters, with the first states of <see cref="EtsStart"/> (and, where the level hardly moves, of a line
/// through the whole series), is evaluated without any search; the best that differ in alpha or beta are the starts, best first. The grid was
/// chosen on the training part of M3 by the share of its likelihoods that a wider one improves on.</remarks>
internal sealed class EtsStarts(ReadOnlyMemory<double> series, int season)
{
    /// <summary>How many starts there are at most.</summary>
    public const int Most = 4;

    private const int LargestGrid = 80;

    private readonly double[] _sums = new double[EtsModel.LongestSeason];
    private readonly double[] _factors = new double[EtsModel.LongestSeason];
    private readonly double[] _sets = new double[4 * LargestGrid];
    private readonly double[] _points = new double[4 * LargestGrid];
    private readonly double[] _deviances = new double[LargestGrid];
    private readonly double[] _candidate = new double[EtsLayout.LongestStride];
    private bool _haveSums, _haveFactors;

    private static ReadOnlySpan<double> Alphas => [.02, .2, .5, .9];
    private static ReadOnlySpan<double> SlopeShares => [.02, .3, .8];
    private static ReadOnlySpan<double> SeasonShares => [.02, .2, .6];
    private static ReadOnlySpan<double> Phis => [.85, .97];
    private static ReadOnlySpan<double> Absent => [0];

    /// <summary>Finds the starts of a model, best first; none where the model cannot be evaluated anywhere.</summary>
    public List<(double Deviance, double[] Point)> Find(in EtsLayout layout)
    {
        var indices = Season(layout.Model.Season);
        var found = new List<(double Deviance, double[] Point)>(Most + 1);
        indices[1..layout.Season].CopyTo(_candidate.AsSpan(layout.Indices));
        for (var whole = 0; whole <= (layout.Slope < 0 ? 0 : 1); whole++)
        {
            var (level, slope) = EtsStart.Level(series.Span, season, indices, layout.Model, whole == 0 ? 0 : series.Length);
            _candidate[layout.Level] = level;
            if (layout.Slope >= 0) _candidate[layout.Slope] = slope;
            var count = Grid(layout, whole == 0 ? Alphas : Alphas[..1]);
            var padded = (count + EtsScreen.Width - 1) / EtsScreen.Width * EtsScreen.Width;
            for (var set = 0; set < padded; set++) Write(layout, set, Math.Min(set, count - 1), padded);
            EtsScreen.Run(series.Span, layout, _candidate, _sets, padded, _deviances);
            for (var set = 0; set < count; set++)
                if (double.IsFinite(_deviances[set])) Insert(found, _deviances[set], layout, set);
        }

        return found;
    }

    // Fills _points with the unknowns that the grid varies: alpha, shares of beta and gamma, phi.
    private int Grid(in EtsLayout layout, ReadOnlySpan<double> alphas)
    {
        var count = 0;
        foreach (var alpha in alphas)
            foreach (var beta in layout.Beta < 0 ? Absent : SlopeShares)
                foreach (var gamma in layout.Gamma < 0 ? Absent : SeasonShares)
                    foreach (var phi in layout.Phi < 0 ? Absent : Phis)
                    {
                        var point = _points.AsSpan(4 * count, 4);
                        point[0] = alpha;
                        if (layout.Beta >= 0) point[layout.Beta] = beta;
                        if (layout.Gamma >= 0) point[layout.Gamma] = gamma;
                        if (layout.Phi >= 0) point[layout.Phi] = phi;
                        if (layout.Parameters(point).Forecastable(layout.Model, layout.Season)) count++;
                    }

        return count;
    }

    private void Write(in EtsLayout layout, int set, int from, int count)
    {
        var parameters = layout.Parameters(_points.AsSpan(4 * from, 4));
        (_sets[set], _sets[count + set], _sets[2 * count + set], _sets[3 * count + set]) =
            (parameters.Alpha, parameters.Beta, parameters.Gamma, parameters.Phi);
    }

    private ReadOnlySpan<double> Season(EtsSeason kind)
    {
        if (kind == EtsSeason.Additive && !_haveSums) EtsStart.Season(series.Span, season, false, _sums);
        if (kind == EtsSeason.Multiplicative && !_haveFactors) EtsStart.Season(series.Span, season, true, _factors);
        (_haveSums, _haveFactors) = (_haveSums || kind == EtsSeason.Additive, _haveFactors || kind == EtsSeason.Multiplicative);
        return kind == EtsSeason.Multiplicative ? _factors : _sums;
    }

    // Keeps the best of every neighbourhood (alpha, share of beta), best first.
    private void Insert(List<(double Deviance, double[] Point)> found, double deviance, in EtsLayout layout, int set)
    {
        var place = 0;
        for (var i = found.Count - 1; i >= 0; i--)
        {
            if (found[i].Deviance <= deviance && place == 0) place = i + 1;
            var near = found[i].Point[0] == _points[4 * set]
                && (layout.Beta < 0 || Math.Abs(found[i].Point[layout.Beta] - _points[4 * set + layout.Beta]) < .4);
            if (!near) continue;
            if (found[i].Deviance <= deviance) return;
            found.RemoveAt(i);
        }

        if (place == Most) return;
        var point = _candidate[..layout.Count];
        _points.AsSpan(4 * set, layout.Level).CopyTo(point);
        found.Insert(place, (deviance, point));
        if (found.Count > Most) found.RemoveAt(Most);
    }
}
