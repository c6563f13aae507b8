namespace Shabou.Forecasting;

/// <summary>A history taken apart, one value a period each: what a planner is shown beside the forecast.</summary>
/// <param name="Trend">The smooth course, units.</param>
/// <param name="Seasonal">What the time of the cycle adds (units), or multiplies by in a multiplicative decomposition (mean 1).</param>
/// <param name="Remainder">What is left: history - trend - seasonal, or history / (trend * seasonal).</param>
public sealed record SeasonalComponents(double[] Trend, double[] Seasonal, double[] Remainder);
