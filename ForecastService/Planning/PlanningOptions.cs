using System.ComponentModel.DataAnnotations;
using Shabou.Schema.Forecast;

namespace Shabou.ForecastService.Planning;

/// <summary>How a part is ordered for which nobody has said otherwise. Section <c>Forecast:Planning</c>.</summary>
public sealed class PlanningOptions
{
    public const string Section = "Forecast:Planning";

    /// <summary>From an order to its arrival, whole days. Default 30.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")] public TimeSpan LeadTime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Between two orders, whole days. Default 30.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")] public TimeSpan Review { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Default: cycle service.</summary>
    public OrderTarget Target { get; set; } = OrderTarget.CycleService;

    /// <summary>Default 0.95.</summary>
    [Range(0.0001, 0.9999)] public double ServiceLevel { get; set; } = 0.95;

    /// <summary>Of a unit too much in an order cycle, dinars; with target Costs. Default 0: none.</summary>
    [Range(0, 1e9)] public double HoldingCost { get; set; }

    /// <summary>Of a unit too few in an order cycle, dinars; with target Costs. Default 0: none.</summary>
    [Range(0, 1e9)] public double ShortageCost { get; set; }

    /// <summary>Orders are multiples of it, units. Default 1.</summary>
    [Range(1, 1_000_000_000)] public int PackSize { get; set; } = 1;

    /// <summary>Smallest order, units. Default 0.</summary>
    [Range(0, 1_000_000_000)] public int MinimumOrder { get; set; }
}
