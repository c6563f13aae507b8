namespace Shabou.Forecasting;

/// <summary>The size of a seasonal ARIMA model, (p,d,q)(P,D,Q)m in the notation of Box &amp; Jenkins 1970.</summary>
/// <param name="Ar">p: autoregressive coefficients.</param>
/// <param name="Differences">d: first differences.</param>
/// <param name="Ma">q: moving-average coefficients.</param>
/// <param name="SeasonalAr">P: autoregressive coefficients at multiples of the season.</param>
/// <param name="SeasonalDifferences">D: differences at the seasonal lag.</param>
/// <param name="SeasonalMa">Q: moving-average coefficients at multiples of the season.</param>
/// <param name="Season">m: periods of the cycle, 1 for none.</param>
/// <param name="Constant">A mean where nothing is differenced, a drift per period where one difference is taken; with two it is ignored.</param>
public readonly record struct ArimaOrder(
    int Ar, int Differences, int Ma, int SeasonalAr, int SeasonalDifferences, int SeasonalMa, int Season, bool Constant)
{
    /// <summary>An order without a season.</summary>
    public ArimaOrder(int ar, int differences, int ma, bool constant = false)
        : this(ar, differences, ma, 0, 0, 0, 1, constant)
    {
    }

    /// <summary>How many coefficients are estimated, the innovation variance not counted.</summary>
    public int Coefficients => ConstantAt + (HasConstant ? 1 : 0);

    /// <summary>Periods that differencing uses up: d + mD.</summary>
    public int Lost => Differences + Season * SeasonalDifferences;

    /// <summary>Whether a mean or drift is estimated.</summary>
    public bool HasConstant => Constant && Differences + SeasonalDifferences < 2;

    /// <summary>Highest lag of the expanded autoregressive polynomial: p + mP.</summary>
    internal int ArLag => Ar + Season * SeasonalAr;

    /// <summary>Highest lag of the expanded moving-average polynomial: q + mQ.</summary>
    internal int MaLag => Ma + Season * SeasonalMa;

    // Where a coefficient stands: AR, MA, seasonal AR, seasonal MA, constant.
    internal int SeasonalArAt => Ar + Ma;

    internal int SeasonalMaAt => SeasonalArAt + SeasonalAr;

    internal int ConstantAt => SeasonalMaAt + SeasonalMa;

    /// <summary>For example <c>ARIMA(0,1,1)(0,1,1)[12]</c> or <c>ARIMA(1,1,0) with drift</c>.</summary>
    public override string ToString()
    {
        var seasonal = SeasonalAr + SeasonalDifferences + SeasonalMa > 0 ? $"({SeasonalAr},{SeasonalDifferences},{SeasonalMa})[{Season}]" : "";
        var constant = !HasConstant ? "" : Differences + SeasonalDifferences == 0 ? " with mean" : " with drift";
        return $"ARIMA({Ar},{Differences},{Ma}){seasonal}{constant}";
    }
}
