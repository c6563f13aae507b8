using CsvHelper;
using Shabou.ForecastService.Demand;

namespace Shabou.ForecastService.Planning;

/// <summary>One row of a bulk upload.</summary>
/// <param name="Warehouse">Slug; empty: all.</param>
/// <param name="Values">One per column of the upload; null where the field was empty.</param>
internal sealed record PlanningRow(int Line, string Sku, string Warehouse, object?[] Values);

/// <summary>Plans from CSV, checked: <c>sku[,warehouse]</c> and any of <see cref="PlanningColumn.All"/>, in any order.</summary>
internal sealed class PlanningBatch
{
    private readonly HashSet<(string, string)> _seen = [];

    /// <summary>The columns that the upload has, and so changes. The others stay as they are.</summary>
    public IReadOnlyList<PlanningColumn> Columns { get; private set; } = [];

    public List<PlanningRow> Rows { get; } = [];

    public RowErrors Errors { get; } = new();

    /// <summary>Reads the header.</summary>
    /// <exception cref="DemandUnreadableException">A column is absent, double or unknown: a misspelt one must not be lost.</exception>
    public Action<CsvReader, int> Open(string[] header)
    {
        if (header.Distinct().Count() != header.Length) throw new DemandUnreadableException("The header names a column twice.");
        if (!header.Contains("sku")) throw new DemandUnreadableException($"The header lacks the column sku; the others are warehouse, {PlanningColumn.Names}.");
        var (sku, warehouse) = (Array.IndexOf(header, "sku"), Array.IndexOf(header, "warehouse"));
        var places = Enumerable.Range(0, header.Length).Where(i => i != sku && i != warehouse).ToArray();
        Columns = [.. places.Select(i => PlanningColumn.All.FirstOrDefault(c => c.Name == header[i])
            ?? throw new DemandUnreadableException($"The column {RowErrors.Quote(header[i])} is not known; columns are sku, warehouse, {PlanningColumn.Names}."))];
        return (csv, line) => Read(line, csv.GetString(sku), warehouse < 0 ? "" : csv.GetString(warehouse), [.. places.Select(csv.GetString)]);
    }

    private void Read(int line, string sku, string warehouse, string[] fields)
    {
        var before = Errors.Count;
        if (!DemandFields.IsSku(sku)) Errors.Add(line, DemandFields.WrongSku(sku));
        else if (!_seen.Add((sku, warehouse))) Errors.Add(line, $"The SKU {RowErrors.Quote(sku)} has this warehouse twice.");
        var values = new object?[fields.Length];
        for (var i = 0; i < fields.Length; i++)
            if (fields[i].Length > 0 && (values[i] = Columns[i].Read(fields[i])) is null)
                Errors.Add(line, $"{Columns[i].Name} is {RowErrors.Quote(fields[i])}; it must be {Columns[i].Rule}, or empty for the default.");
        if (Value("target") is "Costs" && (Value("holding_cost") is null || Value("shortage_cost") is null)) Errors.Add(line, "The target costs needs holding_cost and shortage_cost beside it.");
        if (warehouse.Length == 0 && Value("demand_share") is not null) Errors.Add(line, "demand_share is of one warehouse; name it.");
        if (warehouse.Length > 0 && Value("discontinued") is not null) Errors.Add(line, "discontinued is of the part in all warehouses; leave warehouse empty.");
        if (Errors.Count == before) Rows.Add(new PlanningRow(line, sku, warehouse, values));

        object? Value(string column) => Columns.Index().FirstOrDefault(c => c.Item.Name == column) is { Item: not null } found ? values[found.Index] : null;
    }
}
