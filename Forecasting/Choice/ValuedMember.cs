namespace Shabou.Forecasting;

/// <summary>Automatic ARIMA as one more member, for the parts that are worth its cost.</summary>
/// <remarks>
/// Worth it are class A parts of smooth or erratic demand; in an assortment of at most <see cref="SmallAssortment"/> parts also those whose value
/// is not known. Only cycles of up to <see cref="LongestSeason"/> periods and at most <see cref="LongestHistory"/> periods count, where a fit costs 1 to 3 ms of
/// processor time; a monthly one costs 13. It is fitted once, for the forecast, and not at the rolling origins: so its share is fixed, and the scores are
/// those of the other members.
/// <para>Share and cycles were chosen inside the training parts of M3 and hospital, by the mean of sMAPE and MASE relative to Theta's. At origins 1.5 and 2
/// horizons before their end a quarter lowered it by 0.8 % on quarterly and 1.1 % on the other series, a third by as much; at the origin one horizon before
/// the end, kept back for the check, by 0.65 % on both. There it was 0.2 and 0.3 % worse on monthly series and hospital, so months do without.</para>
/// </remarks>
internal static class ValuedMember
{
    /// <summary>Of the forecast; the other members keep their proportions in the rest.</summary>
    public const double Share = 0.25;

    /// <summary>Periods of the cycle.</summary>
    public const int LongestSeason = 4;

    /// <summary>Periods; up to here AutoArima estimates every model exactly.</summary>
    public const int LongestHistory = 150;

    /// <summary>Parts.</summary>
    public const int SmallAssortment = 2_000;

    private const double UnknownValue = 1;
    private static readonly AutoArima s_method = new();

    public static string Name => s_method.Name;

    /// <summary>Whether the part takes it: by its class of demand, its class of value, and the cost.</summary>
    public static bool IsFor(ForecastModel model, PartHistory part, DemandRoute route, int periods) =>
        route == DemandRoute.Regular && Math.Max(1, part.Season) <= LongestSeason && periods <= LongestHistory
        && (model.Limits.Abc(AbcXyz.ValueOf(part)) is AbcClass.A || (part.UnitValue == UnknownValue && model.Counts.Parts <= SmallAssortment));

    /// <summary>Draws the forecast towards ARIMA's; leaves it as it is where ARIMA gives no finite number.</summary>
    /// <returns>Whether it did.</returns>
    public static bool TryAdd(ReadOnlySpan<double> history, int season, Span<double> mean)
    {
        Span<double> added = mean.Length <= 512 ? stackalloc double[mean.Length] : new double[mean.Length];
        if (!Candidates.TryForecast(s_method, history, season, added)) return false;
        var largest = 0.0;
        foreach (var value in history)
            if (value > largest) largest = value; // never true of a missing one
        for (var s = 0; s < mean.Length; s++) mean[s] = (1 - Share) * mean[s] + Share * Candidates.Bounded(added[s], largest);
        return true;
    }
}
