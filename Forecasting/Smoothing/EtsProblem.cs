namespace Shabou.Forecasting;

/// <summary>One series on which models are fitted: complete, and scaled by a power of two to a mean size near 1, which changes no bit of the result.</summary>
internal sealed class EtsProblem : IDisposable
{
    private readonly double[] _series;
    private readonly double _scale;
    private readonly int _season;
    private readonly bool _positive = true;
    private readonly EtsSearch _search;
    private readonly EtsStarts _starts;

    /// <exception cref="ArgumentException">No period is observed.</exception>
    public EtsProblem(ReadOnlySpan<double> history, int season)
    {
        _season = season is > 1 and <= EtsModel.LongestSeason ? season : 1;
        _series = Complete(history);
        var size = 0.0;
        foreach (var value in _series)
        {
            size += Math.Abs(value) / _series.Length;
            _positive &= value > 0;
        }

        _scale = size > 0 ? Math.ScaleB(1, Math.Clamp(Math.ILogB(size), -1000, 1000)) : 1;
        for (var t = 0; t < _series.Length; t++) _series[t] /= _scale;
        _search = new EtsSearch(_series.Length);
        _starts = new EtsStarts(_series, _season);
    }

    public void Dispose() => _search.Dispose();

    /// <summary>The history with its gaps, and what is not a finite number, interpolated.</summary>
    /// <exception cref="ArgumentException">No period is observed.</exception>
    public static double[] Complete(ReadOnlySpan<double> history)
    {
        var observed = new double[history.Length];
        for (var t = 0; t < history.Length; t++) observed[t] = double.IsFinite(history[t]) ? history[t] : double.NaN;
        var series = new double[history.Length];
        MissingValues.Interpolate(observed, series);
        return series;
    }

    /// <summary>Whether there is data enough, and of the right sign, for a model.</summary>
    public bool Allows(EtsModel model) =>
        (model.Error == EtsError.Additive || _positive)
        && (model.Season == EtsSeason.None || _season > 1)
        && (model == EtsFit.Simplest || model.Parameters(_season) <= _series.Length - 3); // or the AICc does not exist

    /// <summary>Climbs a model's likelihood from its best starts, roughly, and from the best of the points reached to the top.</summary>
    /// <param name="precision">Of the last climb.</param>
    /// <param name="starts">From how many.</param>
    /// <returns>Null where the model cannot be evaluated.</returns>
    public Found? Search(EtsModel model, double precision = EtsSearch.Exact, int starts = EtsStarts.Most)
    {
        Found? best = null;
        foreach (var (_, point) in Starts(model).Take(starts)) best = Better(best, Climb(model, point, EtsSearch.Rough, best?.Deviance ?? double.PositiveInfinity));
        return best is null ? null : Better(best, Climb(model, best.Point, precision, double.PositiveInfinity));
    }

    /// <summary>Where a model's climbs start, best first.</summary>
    public List<(double Deviance, double[] Point)> Starts(EtsModel model) => _starts.Find(new EtsLayout(model, _season));

    /// <summary>Climbs from one point.</summary>
    /// <param name="point">Where from; kept.</param>
    /// <param name="precision">As in <see cref="EtsSearch.Descend"/>.</param>
    /// <param name="enough">As in <see cref="EtsSearch.Descend"/>.</param>
    public Found? Climb(EtsModel model, ReadOnlySpan<double> point, double precision, double enough)
    {
        var moved = point.ToArray();
        var deviance = _search.Descend(_series, new EtsLayout(model, _season), moved, precision, enough);
        return double.IsFinite(deviance) ? new(model, moved, deviance) : null;
    }

    /// <summary>The likelier of two; the first of two alike.</summary>
    public static Found? Better(Found? first, Found? second) =>
        first is null || second?.Deviance < first.Deviance ? second : first;

    /// <summary>What the AICc adds to the deviance; infinite where there are too few periods.</summary>
    public double Penalty(EtsModel model)
    {
        var k = model.Parameters(_season) + 1.0;
        var left = _series.Length - k - 1;
        return left > 0 ? 2 * k + 2 * k * (k + 1) / left : double.PositiveInfinity;
    }

    /// <summary>A point that somebody else found, in the order of R: alpha, beta, gamma, phi, level, slope, and the indices of the latest position first,
    /// the earliest left out.</summary>
    public Found At(EtsModel model, ReadOnlySpan<double> parameters)
    {
        var layout = new EtsLayout(model, _season);
        var point = new double[layout.Count];
        layout.Write(new(parameters[0], layout.Beta < 0 ? 0 : parameters[layout.Beta], layout.Gamma < 0 ? 0 : parameters[layout.Gamma],
            layout.Phi < 0 ? 1 : parameters[layout.Phi]), point);
        point[layout.Level] = parameters[layout.Level] / _scale;
        if (layout.Slope >= 0) point[layout.Slope] = parameters[layout.Slope] / _scale;
        for (var i = layout.Indices; i < layout.Count; i++)
            point[i] = parameters[layout.Count - 1 - (i - layout.Indices)] / (model.Season == EtsSeason.Additive ? _scale : 1);
        return new(model, point, _search.Deviance(_series, layout, point));
    }

    /// <summary>Akaike's criterion with the correction for few periods, of the series in its own units.</summary>
    public double Aicc(Found found) => Deviance(found) + Penalty(found.Model);

    public double LogLikelihood(Found found) => -0.5 * Deviance(found);

    /// <summary>In the units of the history.</summary>
    public EtsFit Describe(Found found)
    {
        var layout = new EtsLayout(found.Model, _season);
        var indices = new double[EtsModel.LongestSeason];
        var (_, squares, level, slope) = _search.Run(_series, layout, found.Point, indices);
        var unit = found.Model.Error == EtsError.Additive ? _scale : 1;
        var freedom = Math.Max(1, _series.Length - found.Model.Parameters(_season));
        double[] first = [layout.FirstIndex(found.Point), .. found.Point.AsSpan(layout.Indices, layout.Season - 1)];
        return new EtsFit(found.Model, layout.Parameters(found.Point),
            States(layout, found.Point[layout.Level], layout.Slope < 0 ? 0 : found.Point[layout.Slope], first, 0),
            States(layout, level, slope, indices, _series.Length % layout.Season),
            _series.Length, Math.Min(squares / freedom * unit * unit, double.MaxValue), LogLikelihood(found), Aicc(found));
    }

    /// <summary>What is left when nothing can be evaluated: a level that never moves.</summary>
    public EtsFit Mean()
    {
        var mean = 0.0;
        foreach (var value in _series) mean += value / _series.Length;
        var states = new EtsStates(mean * _scale, 0, []);
        return new EtsFit(EtsFit.Simplest, new(EtsParameters.Least, 0, 0, 1), states, states, _series.Length, 0, 0, double.PositiveInfinity);
    }

    private double Deviance(Found found) => found.Deviance + 2 * _series.Length * Math.Log(_scale);

    private EtsStates States(in EtsLayout layout, double level, double slope, ReadOnlySpan<double> indices, int position)
    {
        if (layout.Season == 1) return new(level * _scale, slope * _scale, []);
        var unit = layout.Model.Season == EtsSeason.Additive ? _scale : 1;
        var season = new double[layout.Season];
        for (var i = 0; i < season.Length; i++) season[i] = indices[(position + i) % layout.Season] * unit;
        return new(level * _scale, slope * _scale, season);
    }

    /// <summary>A summit of a model's likelihood; the deviance is that of the scaled series.</summary>
    public sealed record Found(EtsModel Model, double[] Point, double Deviance);
}
