using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Shabou.Testing;

namespace Shabou.Schema.Tests.Constraints;

public sealed class ConstraintListTests
{
    /// <summary>Numbers that may be any, each with its reason.</summary>
    private static readonly Dictionary<string, string> Free = new()
    {
        ["catalog.assortments.products"] = "counted by triggers of its owner; a sum that goes wrong is found by comparing, not by its sign",
        ["catalog.assortments.base_value"] = "as products", ["catalog.assortments.current_value"] = "as products",
        ["catalog.price_index_points.base_value"] = "a copy of assortments", ["catalog.price_index_points.current_value"] = "a copy of assortments", ["catalog.price_index_points.price_list_number"] = "drawn from a sequence",
        ["catalog.price_index_points.id"] = "drawn from a sequence", ["catalog.price_changes.id"] = "drawn from a sequence", ["ops.audit_entries.id"] = "drawn from a sequence", ["ops.lead_stage_changes.id"] = "drawn from a sequence", ["prospector.budget_changes.id"] = "drawn from a sequence",
        ["catalog.price_list_rows.amount"] = "as the supplier wrote it; what is wrong with it stands beside it", ["catalog.price_lists.previous_number"] = "a copy of current_list_number", ["catalog.prices.price_list_number"] = "drawn from a sequence", ["catalog.suppliers.current_list_number"] = "drawn from a sequence",
        ["catalog.forecast_copies.horizon"] = "as the forecaster answered", ["forecast.model_versions.seed"] = "any number seeds",
        ["forecast.accuracy.mase"] = "measured, may be infinite", ["forecast.accuracy.mae"] = "measured", ["forecast.accuracy.rmse"] = "measured", ["forecast.accuracy.bias"] = "measured, either sign", ["forecast.accuracy.cumulative_wape"] = "measured", ["forecast.accuracy.wape"] = "measured",
        ["forecast.accuracy.coverage80"] = "measured", ["forecast.accuracy.coverage95"] = "measured", ["forecast.forecasts.demand_interval"] = "measured", ["forecast.forecasts.size_variation"] = "measured",
        ["forecast.part_accuracy.wape"] = "measured", ["forecast.part_accuracy.bias"] = "measured, either sign", ["forecast.part_accuracy.mase"] = "measured", ["forecast.part_accuracy.rmsse"] = "measured", ["forecast.part_accuracy.pinball"] = "measured", ["forecast.part_accuracy.coverage95"] = "measured",
        ["forecast.part_accuracy.tracking_signal"] = "measured, either sign",
    };

    private static readonly HashSet<Type> Numbers = [typeof(short), typeof(int), typeof(long), typeof(decimal), typeof(double), typeof(float)];

    [Fact]
    public void Every_number_and_every_enum_has_a_constraint_or_a_reason_to_have_none()
    {
        using var context = TestServers.ContextOn("Host=localhost;Database=never-opened");
        var model = context.GetService<IDesignTimeModel>().Model;
        var bare = new List<string>();
        var seen = new HashSet<string>();
        foreach (var table in model.GetRelationalModel().Tables)
            foreach (var column in table.Columns)
            {
                var property = column.PropertyMappings[0].Property;
                var type = Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;
                var name = $"{table.Schema}.{table.Name}.{column.Name}";
                if (!type.IsEnum && !Numbers.Contains(type)) continue;
                seen.Add(name);
                if (!table.CheckConstraints.Any(check => Mentions(check.Sql, column.Name)) && !Free.ContainsKey(name)) bare.Add(name);
            }
        Assert.True(bare.Count == 0, $"Add a constraint (Schema/Constraints) or a reason: {string.Join(", ", bare)}");
        Assert.Equal([], Free.Keys.Except(seen));
    }

    [Fact]
    public void No_constraint_is_named_twice_or_too_long_for_PostgreSQL()
    {
        using var context = TestServers.ContextOn("Host=localhost;Database=never-opened");
        var checks = context.GetService<IDesignTimeModel>().Model.GetRelationalModel().Tables.SelectMany(t => t.CheckConstraints.Select(c => (t.Schema, t.Name, Check: c.Name!))).ToList();
        Assert.Equal(checks.Count, checks.Distinct().Count());
        Assert.All(checks, check => Assert.True(check.Check.Length <= 63, check.Check));
    }

    private static bool Mentions(string sql, string column) => System.Text.RegularExpressions.Regex.IsMatch(sql, $@"\b{column}\b");
}
