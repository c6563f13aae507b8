namespace Shabou.Forecasting;

/// <summary>A pooled model as it is stored: two flat arrays, so any format keeps it to the bit.</summary>
/// <param name="Groups">Names of the groups that have numbers of their own, in ordinal order; "" is all parts.</param>
/// <param name="Coefficients">Finite. Their order belongs to the model that wrote them.</param>
public sealed record PooledState(string[] Groups, double[] Coefficients);
