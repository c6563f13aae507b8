using CsvHelper;

namespace Shabou.ForecastService.Demand;

/// <summary><c>sku,period,quantity[,in_stock]</c>, columns in any order.</summary>
internal sealed class LongRows : IDemandRows
{
    private readonly string _frequency;
    private readonly int _sku;
    private readonly int _period;
    private readonly int _quantity;
    private readonly int _inStock;

    private LongRows(string[] header, string frequency)
    {
        _frequency = frequency;
        (_sku, _period) = (Array.IndexOf(header, "sku"), Array.IndexOf(header, "period"));
        (_quantity, _inStock) = (Array.IndexOf(header, "quantity"), Array.IndexOf(header, "in_stock"));
    }

    /// <exception cref="DemandUnreadableException">A column is absent, double or unknown: a misspelt in_stock must not be lost.</exception>
    public static LongRows For(string[] header, string frequency)
    {
        if (header.FirstOrDefault(column => column is not ("sku" or "period" or "quantity" or "in_stock")) is { } unknown)
            throw new DemandUnreadableException($"The column {RowErrors.Quote(unknown)} is not known; columns are sku, period, quantity and in_stock.");
        if (header.Distinct().Count() != header.Length) throw new DemandUnreadableException("The header names a column twice.");
        if (!header.Contains("period") || !header.Contains("quantity"))
            throw new DemandUnreadableException("The header lacks a column; it must have sku, period and quantity.");
        return new LongRows(header, frequency);
    }

    public void Read(CsvReader csv, int line, DemandBatch batch)
    {
        if (!batch.TryAddSeries(line, csv.GetString(_sku), _frequency, out var series)) return;
        var inStock = true;
        if (!DemandFields.TryReadPeriod(csv.GetString(_period), out var day))
            batch.Errors.Add(line, $"The period {RowErrors.Quote(csv.GetString(_period))} must be a date such as 2026-01-01 or a month such as 2026-01.");
        else if (_inStock >= 0 && !DemandFields.TryReadInStock(csv.GetString(_inStock), out inStock))
            batch.Errors.Add(line, $"in_stock is {RowErrors.Quote(csv.GetString(_inStock))}; it must be 1, 0, true, false, or empty for 1.");
        else if (csv.IsEmpty(_quantity))
            return; // missing
        else if (!DemandFields.TryReadQuantity(csv.GetSpan(_quantity), out var quantity))
            batch.Errors.Add(line, $"The quantity is {RowErrors.Quote(csv.GetString(_quantity))}; it must be a number of 0 or more.");
        else
            batch.Add(line, new DemandValue(series, Periods.IndexOf(batch.Series[series].Frequency, day), quantity, _inStock >= 0 ? inStock : null));
    }
}
