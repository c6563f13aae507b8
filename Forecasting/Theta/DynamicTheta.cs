namespace Shabou.Forecasting;

/// <summary>The dynamic optimised Theta model and its three relatives: Theta as a state space model whose trend line follows the series
/// and whose theta is estimated with the level.</summary>
/// <remarks>
/// <para>Fiorucci, Pellegrini, Louzada, Petropoulos &amp; Koehler 2016, Models for optimising the theta method and their relationship to
/// state space models. The series, seasonally adjusted as in <see cref="Theta"/>, is</para>
/// <para>y(t) = l(t-1) + k ((1-a)^(t-1) A(t-1) + (1-(1-a)^t)/a B(t-1)) + e(t), l(t) = a y(t) + (1-a) l(t-1), k = 1 - 1/theta,</para>
/// <para>A(t) + B(t) s the least-squares line through the first t periods (dynamic) or through all (static). The squared one-step errors,
/// from the third period on where the line is dynamic, are minimised over l(0), a in [0.1, 0.99] and theta &gt;= 1, the ranges of
/// the authors' program. For a given a the errors are linear in l(0) and k, so these two are exact and only a is searched: the best
/// of ten values, then halving around it. A dynamic forecast is fed back as the next value.</para>
/// <para>The model is linear in its errors, so the standard deviation of a step follows exactly from the responses to single errors; the paper
/// simulates it. It takes the parameters as known; calibrate quantiles made of it on rolling origins. Under six periods there is too
/// little to estimate and the forecast is that of <see cref="Theta"/>. Takes about 10 us a series of 100 periods in a batch.</para>
/// </remarks>
/// <param name="variant">Which of the four; DOTM by default.</param>
public sealed class DynamicTheta(ThetaVariant variant = ThetaVariant.DynamicOptimised) : IBatchMethod
{
    private readonly DynamicThetaKernel _kernel = new(variant);

    public string Name { get; } = variant switch
    {
        ThetaVariant.Standard => "standard-theta",
        ThetaVariant.Optimised => "optimised-theta",
        ThetaVariant.DynamicStandard => "dynamic-standard-theta",
        _ => "dynamic-theta",
    };

    public void Forecast(ReadOnlySpan<double> history, int season, Span<double> mean) => Forecast(history, season, mean, []);

    public void Forecast(ReadOnlySpan<double> history, int season, Span<double> mean, Span<double> deviation) =>
        LaneBatch.One(_kernel, history, season, mean, deviation);

    public void ForecastAll(IReadOnlyList<ReadOnlyMemory<double>> histories, int season, int horizon, double[] means, double[] deviations,
        int threads, CancellationToken cancellationToken) =>
        LaneBatch.All(_kernel, new LaneJob(histories, season, horizon, means, deviations), LaneBatch.BestWidth, threads, cancellationToken);
}
