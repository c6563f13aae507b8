namespace Shabou.Forecasting;

/// <summary>What is known of a level before looking at the part: a gamma distribution.</summary>
/// <param name="Shape">Demand that the group lends, units: 0 or more.</param>
/// <param name="Rate">Periods over which it was seen, above 0: the more, the stronger the pull towards the group.</param>
public readonly record struct GammaPrior(double Shape, double Rate)
{
    /// <summary>The group's level, units per period.</summary>
    public double Mean => Shape / Rate;

    /// <summary>Method of moments over discounted means of parts: the variance between them, less what chance alone would give.</summary>
    /// <param name="sums">Per part: discounted demand S.</param>
    /// <param name="periods">Per part: discounted observed periods N; parts with 0 do not count.</param>
    /// <param name="squares">Per part: sum of the squared weights W, so chance gives S / N a variance of mean W / N^2.</param>
    /// <remarks>Poisson case of Bühlmann &amp; Straub 1970. Levels that differ no more than by chance give a strong prior: rate 1,000.</remarks>
    internal static GammaPrior Of(ReadOnlySpan<double> sums, ReadOnlySpan<double> periods, ReadOnlySpan<double> squares)
    {
        const double Strongest = 1000;
        double demand = 0, time = 0;
        for (var i = 0; i < sums.Length; i++)
        {
            demand += sums[i];
            time += periods[i];
        }

        if (!(demand > 0)) return new(0, 1);
        var mean = demand / time;
        double between = 0, weight = 0;
        for (var i = 0; i < sums.Length; i++)
        {
            if (!(periods[i] > 0)) continue;
            var difference = sums[i] / periods[i] - mean;
            between += periods[i] * (difference * difference - mean * squares[i] / (periods[i] * periods[i]));
            weight += periods[i];
        }

        var rate = between > 0 ? Math.Clamp(mean / (between / weight), 1e-6, Strongest) : Strongest;
        return new(mean * rate, rate);
    }
}
