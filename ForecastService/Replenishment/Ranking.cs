namespace Shabou.ForecastService.Replenishment;

/// <summary>Where a line stands in the list: most money at risk first, then by SKU and warehouse.</summary>
internal sealed record RankedLine(double MoneyAtRisk, string Sku, string Warehouse) : IComparable<RankedLine>
{
    public int CompareTo(RankedLine? other)
    {
        if (other is null) return -1;
        var order = other.MoneyAtRisk.CompareTo(MoneyAtRisk);
        if (order == 0) order = string.CompareOrdinal(Sku, other.Sku);
        return order != 0 ? order : string.CompareOrdinal(Warehouse, other.Warehouse);
    }
}

/// <summary>The order of all lines at one moment. Only keys: about 100 bytes a line.</summary>
/// <param name="Lines">In order.</param>
internal sealed record Ranking(RankedLine[] Lines)
{
    /// <summary>The next lines after a position, or the first.</summary>
    /// <param name="warehouse">Only its lines; null: all.</param>
    public List<RankedLine> After(RankedLine? position, string? warehouse, int count)
    {
        var start = position is null ? 0 : Array.BinarySearch(Lines, position);
        start = start < 0 ? ~start : position is null ? 0 : start + 1;
        var found = new List<RankedLine>(count);
        for (var i = start; i < Lines.Length && found.Count < count; i++)
            if (warehouse is null || Lines[i].Warehouse == warehouse) found.Add(Lines[i]);
        return found;
    }
}
