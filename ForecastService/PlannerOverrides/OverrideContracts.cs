using System.ComponentModel.DataAnnotations;
using Shabou.Forecasting;
using Shabou.Schema.Forecast;

namespace Shabou.ForecastService.PlannerOverrides;

/// <summary>What a planner expects instead of the statistical forecast.</summary>
/// <param name="Quantity">Units in the period.</param>
/// <param name="Reason">Why, for whoever looks at the score later.</param>
public sealed record OverrideWrite(
    [property: Range(0, 1e15)] double Quantity,
    [property: Required, StringLength(ForecastOverride.ReasonMaxLength, MinimumLength = 1)] string Reason);

/// <summary>A planner's quantity beside the statistical one.</summary>
/// <param name="Period">First day of the period.</param>
/// <param name="Quantity">The planner's, units; orders use it.</param>
/// <param name="Statistical">What the version that is served expects; null when it does not forecast the period.</param>
public sealed record OverrideView(string Sku, DateOnly Period, double Quantity, double? Statistical, string Reason, string ChangedBy, DateTimeOffset UpdatedAt);

/// <summary>A planner's quantity in the answer of a forecast.</summary>
/// <param name="Period">First day of the period.</param>
/// <param name="Quantity">Units.</param>
public sealed record OverriddenStep(DateOnly Period, double Quantity, string Reason, string ChangedBy);

/// <summary>What each step of planning was worth, on demand that has arrived since.</summary>
/// <param name="All">Every period of which a stored forecast did not know the demand and that has demand now.</param>
/// <param name="Overridden">Of those, the ones that a planner changed.</param>
public sealed record ForecastValueAddedView(ValueAdded All, ValueAdded Overridden);

/// <summary>Three forecasts on the same demand.</summary>
/// <param name="Periods">How many demands were compared.</param>
/// <param name="Demand">Their sum, units.</param>
/// <param name="Steps">naive: the last demand known when the forecast was made; statistical: the newest stored forecast that did not know the
/// period; planner: his quantity, or the statistical one where he gave none.</param>
public sealed record ValueAdded(int Periods, double Demand, IReadOnlyList<ValueAddedStep> Steps)
{
    internal static ValueAdded Of(in ForecastValueAdded value) => new(value.Periods, value.Demand,
    [
        Step("naive", value.NaiveWape, value.NaiveBias, double.NaN),
        Step("statistical", value.StatisticalWape, value.StatisticalBias, value.ByStatistics),
        Step("planner", value.OverrideWape, value.OverrideBias, value.ByOverride),
    ]);

    private static ValueAddedStep Step(string name, double wape, double bias, double added) => new(name, Known(wape), Known(bias), Known(added));

    private static double? Known(double figure) => double.IsFinite(figure) ? figure : null;
}

/// <summary>One step. A figure is null where it does not exist: without demand.</summary>
/// <param name="Wape">Sum of absolute errors / sum of demand.</param>
/// <param name="Bias">Sum of forecasts / sum of demand - 1.</param>
/// <param name="Added">WAPE of the step before less this one's: more than 0 is worth its effort. Null for the first.</param>
public sealed record ValueAddedStep(string Step, double? Wape, double? Bias, double? Added);
