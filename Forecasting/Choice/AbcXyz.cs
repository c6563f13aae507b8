namespace Shabou.Forecasting;

/// <summary>How much of the turnover a part stands for.</summary>
public enum AbcClass
{
    /// <summary>The parts that together make the first 80 % of the value.</summary>
    A,

    /// <summary>The next 15 %.</summary>
    B,

    /// <summary>The rest.</summary>
    C,
}

/// <summary>How steady demand is, by the coefficient of variation of its periods.</summary>
public enum XyzClass
{
    /// <summary>Below 0.5: steady.</summary>
    X,

    /// <summary>0.5 to 1.</summary>
    Y,

    /// <summary>1 or more, or nothing observed.</summary>
    Z,
}

/// <summary>ABC-XYZ classes. ABC looks at all parts together, so a model keeps its two limits; XYZ looks at one history.</summary>
/// <param name="LimitA">Value at or above which a part is A: units of demand in <see cref="Window"/> cycles x value of a unit.</param>
/// <param name="LimitB">Value at or above which it is B.</param>
/// <remarks>Dickie 1951; Scholz-Reiter et al. 2012 for XYZ. A part that stands on the line belongs to the better class.</remarks>
public readonly record struct AbcXyz(double LimitA, double LimitB)
{
    private const double ShareA = 0.80;
    private const double ShareB = 0.95;
    private const double LimitX = 0.5;
    private const double LimitY = 1.0;

    /// <summary>Cycles that count: 1, the last year of months.</summary>
    public const int Window = 1;

    /// <summary>Finds the limits: parts in falling order of value until their sum passes 80 and 95 % of all.</summary>
    /// <param name="values">One per part, 0 or more, any order.</param>
    public static AbcXyz Of(ReadOnlySpan<double> values)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted);
        Array.Reverse(sorted);
        var total = 0.0;
        foreach (var value in sorted) total += value;
        double sum = 0, limitA = double.PositiveInfinity, limitB = double.PositiveInfinity;
        foreach (var value in sorted)
        {
            if (value <= 0) break;
            if (sum < ShareA * total) limitA = value;
            if (sum < ShareB * total) limitB = value;
            sum += value;
        }

        return new(limitA, limitB);
    }

    public AbcClass Abc(double value) => value >= LimitA ? AbcClass.A : value >= LimitB ? AbcClass.B : AbcClass.C;

    /// <summary>Value of a part's demand in the last cycle (12 periods where there is no season); missing periods do not count.</summary>
    public static double ValueOf(PartHistory part)
    {
        var periods = Window * (part.Season > 1 ? part.Season : 12);
        var sum = 0.0;
        for (var t = Math.Max(0, part.Demand.Length - periods); t < part.Demand.Length; t++)
            if (part.Demand[t] > 0 && double.IsFinite(part.Demand[t])) sum += part.Demand[t];
        return sum * Math.Max(0, part.UnitValue);
    }

    /// <summary>Class by standard deviation / mean of the observed periods.</summary>
    public static XyzClass Xyz(ReadOnlySpan<double> history)
    {
        var count = 0;
        double mean = 0, squares = 0;
        foreach (var value in history)
        {
            if (!double.IsFinite(value)) continue;
            count++;
            var difference = value - mean;
            mean += difference / count;
            squares += difference * (value - mean);
        }

        if (count == 0 || !(mean > 0)) return XyzClass.Z;
        var variation = Math.Sqrt(squares / count) / mean;
        return variation < LimitX ? XyzClass.X : variation < LimitY ? XyzClass.Y : XyzClass.Z;
    }
}
