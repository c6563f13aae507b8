namespace Shabou.Forecasting;

/// <summary>What parts of one kind taught together: how to weigh the candidates and how far demand strays.</summary>
/// <param name="Season">Periods of the cycle; 0: any.</param>
/// <param name="Kind">A <see cref="DemandClass"/>, or <see cref="Routes"/> + a <see cref="DemandRoute"/>.</param>
/// <param name="Parts">How many taught it.</param>
/// <param name="Weights">One per candidate.</param>
/// <param name="Calibration">Of the combination.</param>
internal sealed record Segment(int Season, int Kind, int Parts, double[] Weights, Calibration Calibration)
{
    public const int Routes = 4;

    /// <summary>Fewer parts than these do not stand alone: they use the next wider segment.</summary>
    public const int FewestParts = 30;

    /// <summary>From the narrowest to the widest that a part belongs to.</summary>
    public static (int Season, int Kind)[] KeysOf(int season, DemandClass demandClass)
    {
        var route = Routes + (int)DemandRoutes.Of(demandClass);
        return [(season, (int)demandClass), (season, route), (0, route)];
    }

    /// <summary>What is used before anything was learned.</summary>
    public static Segment Unlearned(DemandRoute route) => new(0, Routes + (int)route, 0, Candidates.For(route).Prior, Calibration.Uncorrected(route));

    /// <summary>Writes the weighted mean of the candidates' forecasts; a candidate that failed is left out unless all did.</summary>
    public void Combine(ReadOnlySpan<double> forecasts, ReadOnlySpan<bool> failed, Span<double> mean)
    {
        var used = 0.0;
        for (var m = 0; m < Weights.Length; m++)
            if (failed.IsEmpty || !failed[m]) used += Weights[m];
        mean.Clear();
        for (var m = 0; m < Weights.Length; m++)
        {
            if (Weights[m] == 0 || (used > 0 && !failed.IsEmpty && failed[m])) continue;
            var weight = used > 0 ? Weights[m] / used : Weights[m];
            for (var s = 0; s < mean.Length; s++) mean[s] += weight * forecasts[m * mean.Length + s];
        }
    }
}
