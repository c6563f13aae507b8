namespace Shabou.Forecasting;

/// <summary>How the published forecast of one part did on rolling origins inside its history. NaN where a figure does not exist.</summary>
/// <param name="Steps">Demands compared, over all origins.</param>
/// <param name="Wape">Sum of absolute errors / sum of demand.</param>
/// <param name="Bias">Sum of forecasts / sum of demand - 1.</param>
/// <param name="Mase">Mean absolute error / mean absolute seasonal difference (<see cref="ScaledError"/>), mean over the origins.</param>
/// <param name="Rmsse">Root of (mean squared error / mean squared one-step difference): Makridakis, Spiliotis &amp; Assimakopoulos 2022 (M5).</param>
/// <param name="Pinball">Mean pinball loss over the levels, units.</param>
/// <param name="Coverage95">Share of demands inside the 2.5 to 97.5 % quantiles.</param>
/// <param name="TrackingSignal">See <see cref="Forecasting.TrackingSignal"/>; here over the one-step errors of the origins.</param>
public readonly record struct PartScores(
    int Steps, double Wape, double Bias, double Mase, double Rmsse, double Pinball, double Coverage95, double TrackingSignal)
{
    /// <summary>Of a part that could not be scored.</summary>
    public static PartScores None { get; } = new(0, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN);
}
