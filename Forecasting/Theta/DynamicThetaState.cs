namespace Shabou.Forecasting;

/// <summary>What a Theta model knows after t periods.</summary>
/// <param name="Level">l(t).</param>
/// <param name="Line">The trend line after t periods.</param>
/// <param name="Weight">(1 - alpha)^t.</param>
/// <param name="Growth">(1 - (1 - alpha)^(t+1)) / alpha.</param>
internal readonly record struct DynamicThetaState<T>(T Level, TrendLine<T> Line, T Weight, T Growth) where T : unmanaged, ILanes<T>
{
    /// <summary>The value expected next.</summary>
    public T Next(in DynamicThetaFit<T> fit) => Level + fit.Share * (Weight * Line.Intercept + Growth * Line.Slope);

    /// <summary>The state after one more period.</summary>
    /// <param name="value">The period's value.</param>
    /// <param name="t">Its number, from 1.</param>
    public DynamicThetaState<T> After(T value, int t, in DynamicThetaFit<T> fit, bool dynamic)
    {
        var keep = T.Of(1) - fit.Alpha;
        return new(fit.Alpha * value + keep * Level, dynamic ? Line.With(value, t) : Line, Weight * keep, T.Of(1) + keep * Growth);
    }

    /// <summary>The same moment of a series that has been zero all the time: where the response to a single error starts.</summary>
    public DynamicThetaState<T> Silent() => this with { Level = default, Line = default };
}
