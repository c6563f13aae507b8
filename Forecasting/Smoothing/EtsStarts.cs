namespace Shabou.Forecasting;

/// <summary>The points from which a model's likelihood is climbed. It has several summits, so one start is not enough.</summary>
/// <remarks>A grid over the smoothing parameters, with the first states of <see cref="EtsStart"/> (and, where the level hardly moves, of a line
/// through the whole series), is evaluated without any search; the best that differ in alpha or beta are the starts, best first. The grid was
/// chosen on the training part of M3 by the share of its likelihoods that a wider one improves on.</remarks>
internal sealed class EtsStarts(ReadOnlyMemory<double> series, int season)
{
    /// <summary>How many starts there are at most.</summary>
    public const int Most = 4;

    private readonly double[] _sums = new double[EtsModel.LongestSeason];
    private readonly double[] _factors = new double[EtsModel.LongestSeason];
    private readonly double[][] _points = [.. Enumerable.Range(0, Most).Select(_ => new double[EtsLayout.LongestStride])];
    private readonly double[] _deviances = new double[Most];
    private readonly double[] _candidate = new double[EtsLayout.LongestStride];
    private bool _haveSums, _haveFactors;

    private static ReadOnlySpan<double> Alphas => [.02, .2, .5, .9];
    private static ReadOnlySpan<double> SlopeShares => [.02, .3, .8];
    private static ReadOnlySpan<double> SeasonShares => [.02, .2, .6];
    private static ReadOnlySpan<double> Phis => [.85, .97];
    private static ReadOnlySpan<double> Absent => [0];

    /// <summary>Start number i of the last search.</summary>
    public ReadOnlySpan<double> this[int start] => _points[start];

    /// <summary>Finds the starts of a model.</summary>
    /// <returns>How many there are; 0 where the model cannot be evaluated anywhere.</returns>
    public int Find(in EtsLayout layout, EtsSearch search)
    {
        var indices = Season(layout.Model.Season);
        var count = 0;
        for (var whole = 0; whole <= (layout.Slope < 0 ? 0 : 1); whole++)
        {
            var (level, slope) = EtsStart.Level(series.Span, season, indices, layout.Model, whole == 0 ? 0 : series.Length);
            _candidate[layout.Level] = level;
            if (layout.Slope >= 0) _candidate[layout.Slope] = slope;
            indices[1..layout.Season].CopyTo(_candidate.AsSpan(layout.Indices));
            foreach (var alpha in whole == 0 ? Alphas : Alphas[..1])
                foreach (var beta in layout.Beta < 0 ? Absent : SlopeShares)
                    foreach (var gamma in layout.Gamma < 0 ? Absent : SeasonShares)
                        foreach (var phi in layout.Phi < 0 ? Absent : Phis)
                        {
                            _candidate[0] = alpha;
                            if (layout.Beta >= 0) _candidate[layout.Beta] = beta;
                            if (layout.Gamma >= 0) _candidate[layout.Gamma] = gamma;
                            if (layout.Phi >= 0) _candidate[layout.Phi] = phi;
                            if (!layout.Parameters(_candidate).Forecastable(layout.Model, layout.Season)) continue;
                            var deviance = search.Deviance(series.Span, layout, _candidate);
                            if (double.IsFinite(deviance)) count = Insert(count, deviance, layout);
                        }
        }

        return count;
    }

    private ReadOnlySpan<double> Season(EtsSeason kind)
    {
        if (kind == EtsSeason.Additive && !_haveSums) EtsStart.Season(series.Span, season, false, _sums);
        if (kind == EtsSeason.Multiplicative && !_haveFactors) EtsStart.Season(series.Span, season, true, _factors);
        (_haveSums, _haveFactors) = (_haveSums || kind == EtsSeason.Additive, _haveFactors || kind == EtsSeason.Multiplicative);
        return kind == EtsSeason.Multiplicative ? _factors : _sums;
    }

    // Keeps the best of every neighbourhood (alpha, share of beta), best first.
    private int Insert(int count, double deviance, in EtsLayout layout)
    {
        for (var i = 0; i < count; i++)
        {
            if (_points[i][0] != _candidate[0] || (layout.Beta >= 0 && Math.Abs(_points[i][layout.Beta] - _candidate[layout.Beta]) > .4)) continue;
            if (deviance >= _deviances[i]) return count;
            var same = _points[i];
            for (; i < count - 1; i++) (_points[i], _deviances[i]) = (_points[i + 1], _deviances[i + 1]);
            _points[--count] = same;
        }

        if (count == Most && deviance >= _deviances[Most - 1]) return count;
        var at = Math.Min(count, Most - 1);
        var free = _points[at];
        for (; at > 0 && _deviances[at - 1] > deviance; at--) (_points[at], _deviances[at]) = (_points[at - 1], _deviances[at - 1]);
        (_points[at], _deviances[at]) = (free, deviance);
        _candidate.CopyTo(free, 0);
        return Math.Min(count + 1, Most);
    }
}
