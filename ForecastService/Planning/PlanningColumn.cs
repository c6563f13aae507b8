using System.Globalization;
using NpgsqlTypes;

namespace Shabou.ForecastService.Planning;

/// <summary>A column of the bulk upload, called as in the table.</summary>
/// <param name="Type">Of the table; <paramref name="TypeName"/> is what SQL calls it.</param>
/// <param name="Read">The value, or null when the text is none.</param>
/// <param name="Rule">What it must be, for messages.</param>
internal sealed record PlanningColumn(string Name, NpgsqlDbType Type, string TypeName, Func<string, object?> Read, string Rule)
{
    private const double LargestMoney = 1e9;
    private const int LargestUnits = 1_000_000_000;

    public static IReadOnlyList<PlanningColumn> All { get; } =
    [
        Whole("lead_time_days", 0, 3650), Whole("review_days", 1, 3650),
        new("target", NpgsqlDbType.Text, "text",
            text => text.ToUpperInvariant() switch { "CYCLESERVICE" => "CycleService", "FILLRATE" => "FillRate", "COSTS" => "Costs", _ => null }, "cycleService, fillRate or costs"),
        Number("service_level", value => value is > 0 and < 1, "a number between 0 and 1"),
        Number("holding_cost", value => value is > 0 and <= LargestMoney, "a number above 0"),
        Number("shortage_cost", value => value is >= 0 and <= LargestMoney, "a number of 0 or more"),
        Whole("pack_size", 1, LargestUnits), Whole("minimum_order", 0, LargestUnits),
        new("unit_cost", NpgsqlDbType.Numeric, "numeric",
            text => decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value <= (decimal)LargestMoney && decimal.Round(value, 3) == value ? value : null, "an amount in dinars with at most three decimals"),
        Whole("on_order", 0, LargestUnits),
        Number("demand_share", value => value is >= 0 and <= 1, "a number from 0 to 1"),
        new("discontinued", NpgsqlDbType.Boolean, "boolean",
            text => text.ToUpperInvariant() switch { "1" or "TRUE" => true, "0" or "FALSE" => false, _ => (object?)null }, "1, 0, true or false"),
    ];

    public static string Names { get; } = string.Join(", ", All.Select(c => c.Name));

    private static PlanningColumn Whole(string name, int least, int most) => new(name, NpgsqlDbType.Integer, "int",
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most ? value : null,
        string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"));

    private static PlanningColumn Number(string name, Func<double, bool> isRight, string rule) => new(name, NpgsqlDbType.Double, "double precision",
        text => double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value) && isRight(value) ? value : null, rule);
}
