namespace Shabou.Forecasting;

/// <summary>The models of <see cref="DynamicTheta"/>.</summary>
internal readonly struct DynamicThetaKernel(ThetaVariant variant) : ILaneKernel
{
    private const int Fewest = 6;

    private bool Dynamic => variant is ThetaVariant.DynamicStandard or ThetaVariant.DynamicOptimised;

    public void Forecast<T>(Span<T> series, int season, Span<T> mean, Span<T> deviation) where T : unmanaged, ILanes<T>
    {
        season = Math.Max(season, 1);
        using var buffer = new Pooled<T>(season);
        var indices = buffer.Span;
        SeasonalLanes.Adjust(series, season, indices);
        if (series.Length < Fewest) ThetaKernel.Extrapolate(series, mean, deviation);
        else Extrapolate(series, mean, deviation);
        ThetaKernel.Reseason(mean, indices, series.Length);
        ThetaKernel.Reseason(deviation, indices, series.Length);
    }

    /// <summary>Fits series of six rows or more.</summary>
    internal DynamicThetaFit<T> Fit<T>(ReadOnlySpan<T> series) where T : unmanaged, ILanes<T>
    {
        using var buffer = new Pooled<TrendLine<T>>(series.Length + 1);
        var lines = buffer.Span;
        TrendLine<T>.Write(series, Dynamic, lines);
        return DynamicThetaFit<T>.Of(series, lines, skipped: Dynamic ? 2 : 0, half: variant is ThetaVariant.Standard or ThetaVariant.DynamicStandard);
    }

    private void Extrapolate<T>(Span<T> series, Span<T> mean, Span<T> deviation) where T : unmanaged, ILanes<T>
    {
        var n = series.Length;
        var origin = series[0]; // a level far from zero would cost the small differences their digits; l(0) makes up for it
        foreach (ref var value in series) value -= origin;
        var fit = Fit<T>(series);

        using var buffer = new Pooled<DynamicThetaState<T>>(mean.Length);
        var states = buffer.Span;
        var state = fit.End;
        for (var step = 0; step < mean.Length; step++)
        {
            states[step] = state;
            var next = state.Next(fit);
            mean[step] = origin + next;
            state = state.After(next, n + step + 1, fit, Dynamic);
        }

        if (deviation.Length == 0) return;
        var parameters = variant is ThetaVariant.Standard or ThetaVariant.DynamicStandard ? 2 : 3;
        var freedom = Math.Max(1, n - (Dynamic ? 2 : 0) - parameters);
        Spread(fit, states, n, fit.SquaredErrors / T.Of(freedom), deviation);
    }

    // The error of step h is its own shock plus what the shocks of the steps before have become by then.
    private void Spread<T>(in DynamicThetaFit<T> fit, ReadOnlySpan<DynamicThetaState<T>> states, int n, T variance, Span<T> deviation)
        where T : unmanaged, ILanes<T>
    {
        deviation.Fill(T.Of(1));
        for (var shock = 0; shock < deviation.Length; shock++)
        {
            var state = states[shock].Silent().After(T.Of(1), n + shock + 1, fit, Dynamic);
            for (var step = shock + 1; step < deviation.Length; step++)
            {
                var response = state.Next(fit);
                deviation[step] += response * response;
                state = state.After(response, n + step + 1, fit, Dynamic);
            }
        }

        foreach (ref var value in deviation) value = T.Sqrt(variance * value);
    }
}
