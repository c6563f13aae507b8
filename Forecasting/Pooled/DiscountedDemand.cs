namespace Shabou.Forecasting;

/// <summary>Demand that counts the less the older it is: a period's weight is discount^age, the last having weight 1.</summary>
/// <param name="Sum">Weighted demand, units.</param>
/// <param name="Periods">Sum of the weights of observed periods.</param>
/// <param name="Squares">Sum of the squared weights.</param>
internal readonly record struct DiscountedDemand(double Sum, double Periods, double Squares)
{
    /// <summary>One period later: what there was loses weight, a missing period adds nothing, a negative one no demand.</summary>
    public DiscountedDemand Next(double value, double discount) => double.IsNaN(value)
        ? new(Sum * discount, Periods * discount, Squares * discount * discount)
        : new(Sum * discount + Math.Max(0, value), Periods * discount + 1, Squares * discount * discount + 1);

    public static DiscountedDemand Of(ReadOnlySpan<double> history, double discount)
    {
        var demand = default(DiscountedDemand);
        foreach (var value in history) demand = demand.Next(value, discount);
        return demand;
    }
}
