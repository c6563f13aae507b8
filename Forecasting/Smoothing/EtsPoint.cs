using System.Runtime.CompilerServices;

namespace Shabou.Forecasting;

/// <summary>Where the search's unknowns stand: alpha, u, v, phi, level, slope, season 1 ... season m - 1, each only where the model has it.</summary>
/// <remarks>u and v, both 0 to 1, stand for beta = 0.0001 + (alpha - 0.0001) u and gamma = 0.0001 + (1 - alpha - 0.0001) v, so that every bound is a
/// box. The index of position 0 is what the others leave of their sum, 0 or the season's length.</remarks>
internal readonly struct EtsLayout
{
    public EtsLayout(EtsModel model, int season)
    {
        Model = model;
        Season = model.Season == EtsSeason.None ? 1 : season;
        var next = 1;
        Beta = model.Trend == EtsTrend.None ? -1 : next++;
        Gamma = model.Season == EtsSeason.None ? -1 : next++;
        Phi = model.Trend == EtsTrend.Damped ? next++ : -1;
        Level = next++;
        Slope = model.Trend == EtsTrend.None ? -1 : next++;
        Indices = next;
        Count = next + Season - 1;
        Stride = (Count + 8) & ~7; // one column more, for the errors, rounded up to eight lanes
    }

    public EtsModel Model { get; }
    public int Season { get; }
    public int Beta { get; }
    public int Gamma { get; }
    public int Phi { get; }
    public int Level { get; }
    public int Slope { get; }
    public int Indices { get; }
    public int Count { get; }
    public int Stride { get; }

    /// <summary>Longest stride: 3 + 1 smoothing parameters, level, slope, 23 indices and the errors, rounded up.</summary>
    public const int LongestStride = 32;

    public EtsParameters Parameters(ReadOnlySpan<double> point)
    {
        var alpha = point[0];
        return new(alpha,
            Beta < 0 ? 0 : Math.Min(alpha, EtsParameters.Least + (alpha - EtsParameters.Least) * point[Beta]),
            Gamma < 0 ? 0 : Math.Min(1 - alpha, EtsParameters.Least + (1 - alpha - EtsParameters.Least) * point[Gamma]),
            Phi < 0 ? 1 : point[Phi]);
    }

    /// <summary>The reverse of <see cref="Parameters"/>, kept inside the boxes.</summary>
    public void Write(EtsParameters parameters, Span<double> point)
    {
        var alpha = point[0] = Math.Clamp(parameters.Alpha, EtsParameters.Least, EtsParameters.Most);
        if (Beta >= 0) point[Beta] = Share(parameters.Beta, alpha);
        if (Gamma >= 0) point[Gamma] = Share(parameters.Gamma, 1 - alpha);
        if (Phi >= 0) point[Phi] = Math.Clamp(parameters.Phi, EtsParameters.LeastPhi, EtsParameters.MostPhi);
    }

    /// <summary>The index of position 0.</summary>
    public double FirstIndex(ReadOnlySpan<double> point)
    {
        if (Model.Season == EtsSeason.None) return 0;
        var sum = Model.Season == EtsSeason.Multiplicative ? (double)Season : 0;
        foreach (var index in point[Indices..Count]) sum -= index;
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (double Low, double High) Bounds(int unknown) =>
        unknown == 0 ? (EtsParameters.Least, EtsParameters.Most)
        : unknown == Beta || unknown == Gamma ? (0, 1)
        : unknown == Phi ? (EtsParameters.LeastPhi, EtsParameters.MostPhi)
        : (double.NegativeInfinity, double.PositiveInfinity);

    private static double Share(double value, double most) =>
        most <= EtsParameters.Least ? 0 : Math.Clamp((value - EtsParameters.Least) / (most - EtsParameters.Least), 0, 1);
}
