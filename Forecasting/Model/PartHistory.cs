namespace Shabou.Forecasting;

/// <summary>What is known of one part's demand, on an even grid of periods, oldest first.</summary>
/// <param name="Id">The SKU, or any other name that is unique in a run. Ties are broken by it, never by order of arrival.</param>
/// <param name="Season">Periods of the cycle: 12 for months, 52 for weeks, 7 for days, 4 for quarters, 1 for none.</param>
/// <param name="Demand">Units per period, 0 or more; <see cref="double.NaN"/> where demand is not known: not recorded, or out of stock.
/// May be empty or all missing: the forecast then comes from <see cref="Group"/>.</param>
public sealed record PartHistory(string Id, int Season, double[] Demand)
{
    /// <summary>Where the part stands in the assortment, from the root down, each name followed by a slash: <c>brakes/pads/</c>. Empty: unknown.
    /// Parts of one group lend each other strength: levels of new ones, errors of rare ones.</summary>
    public string Group { get; init; } = "";

    /// <summary>Known influences (promotion, holidays ...), each one value a period of the history and then of the horizon; a shorter one goes
    /// on as zeros. Empty by default.</summary>
    public IReadOnlyList<double[]> Regressors { get; init; } = [];

    /// <summary>Periods that an order must last for: lead time plus review time, at least 1. Default 2.</summary>
    public int ProtectionPeriods { get; init; } = 2;

    /// <summary>Value of a unit, any one currency; weighs parts in ABC classes. Default 1.</summary>
    public double UnitValue { get; init; } = 1;

    /// <summary>No demand is expected any more: the forecast is zero.</summary>
    public bool Discontinued { get; init; }

    /// <summary>The part that is sold instead and has this one's demand, for the reason of a zero forecast. Empty: none.</summary>
    public string ReplacedBy { get; init; } = "";
}

/// <summary>What a run is asked for, beside the data.</summary>
public sealed record ForecastSettings
{
    /// <summary>Periods to forecast, 1 to 1,000. Default 12.</summary>
    public int Horizon { get; init; } = 12;

    /// <summary>Rolling origins inside the history that score the candidates. Default 6.</summary>
    public int Origins { get; init; } = 6;

    /// <summary>Of everything that draws lots. The same seed gives the same bits. Default 1.</summary>
    public int Seed { get; init; } = 1;
}
