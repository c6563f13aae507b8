using System.Globalization;
using CsvHelper;

namespace Shabou.ForecastService.Demand;

/// <summary><c>id,start,frequency,[attributes,]v1..vn</c>.</summary>
internal sealed class WideRows : IDemandRows
{
    private readonly int _columns;
    private readonly int _firstValue;
    private readonly bool _areFlags;

    private WideRows(int columns, int firstValue, bool areFlags) => (_columns, _firstValue, _areFlags) = (columns, firstValue, areFlags);

    /// <param name="header">The names of all columns.</param>
    /// <param name="areFlags">The values say whether the part was in stock: 1 or 0.</param>
    /// <exception cref="DemandUnreadableException">There are no values, or their columns are not v1, v2 ... to the end.</exception>
    public static WideRows For(string[] header, bool areFlags = false)
    {
        var first = Array.IndexOf(header, "v1");
        if (first < 0) throw new DemandUnreadableException("The header has no column v1; the values stand in v1, v2 ... at the end.");
        for (var i = first; i < header.Length; i++)
        {
            var expected = string.Create(CultureInfo.InvariantCulture, $"v{i - first + 1}");
            if (header[i] != expected) throw new DemandUnreadableException($"Column {i + 1} is {RowErrors.Quote(header[i])}; after v1 it must be {expected}.");
        }

        return new WideRows(header.Length, first, areFlags);
    }

    public void Read(CsvReader csv, int line, DemandBatch batch)
    {
        if (!batch.TryAddSeries(line, csv.GetString(0), csv.GetString(2), out var series)) return;
        var frequency = batch.Series[series].Frequency;
        var start = Periods.DefaultStart(frequency);
        if (!csv.IsEmpty(1))
        {
            if (!DemandFields.TryReadPeriod(csv.GetString(1), out var day))
            {
                batch.Errors.Add(line, $"The start {RowErrors.Quote(csv.GetString(1))} must be a date such as 2026-01-01, or empty.");
                return;
            }

            start = Periods.IndexOf(frequency, day);
        }

        for (var i = _firstValue; i < _columns; i++)
        {
            var text = csv.GetSpan(i);
            if (text.IsEmpty) continue; // missing, or beyond the end
            if (DemandFields.TryReadQuantity(text, out var quantity) && (!_areFlags || quantity is 0 or 1))
                batch.Add(line, new DemandValue(series, start + i - _firstValue, _areFlags ? 0 : quantity, _areFlags ? quantity == 1 : null));
            else if (_areFlags)
                batch.Errors.Add(line, $"v{i - _firstValue + 1} is {RowErrors.Quote(csv.GetString(i))}; in stock is 1, out of stock 0.");
            else
                batch.Errors.Add(line, $"v{i - _firstValue + 1} is {RowErrors.Quote(csv.GetString(i))}; a quantity is a number of 0 or more.");
        }
    }
}
