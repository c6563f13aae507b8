namespace Shabou.Forecasting;

/// <summary>How many parts a model was learned from, and how many of them had to be forecast another way.</summary>
/// <param name="Parts">All parts.</param>
/// <param name="Classes">Parts per <see cref="DemandClass"/>, indexed by its value.</param>
/// <param name="Fallbacks">Parts per <see cref="Fallback"/>, indexed by its value; those of <see cref="Fallback.None"/> were forecast normally.</param>
/// <param name="MethodFailures">Forecasts of single methods that threw or were not finite and were left out.</param>
public sealed record ModelCounts(int Parts, int[] Classes, int[] Fallbacks, int MethodFailures);
