using CsvHelper;

namespace Shabou.ForecastService.Demand;

/// <summary>Reads demand from CSV row by row; the header tells the format.</summary>
/// <remarks>
/// Wide: <c>id,start,frequency,[attributes,]v1..vn</c>, one row a series; attributes between frequency and v1 are ignored, an empty start is
/// <see cref="Periods.DefaultStart"/>. Long: <c>sku,period,quantity[,in_stock]</c> in any order, one row a value. An empty quantity is missing:
/// it is not stored and changes nothing that is.
/// </remarks>
internal static class DemandCsv
{
    /// <param name="body">UTF-8.</param>
    /// <param name="frequency">Of the long format, which does not say it.</param>
    /// <param name="maxColumns">A header with more is refused.</param>
    /// <param name="batch">Receives the values and what is wrong with them.</param>
    /// <param name="cancellationToken">Stops between rows; the stream's own reads stop with the request.</param>
    /// <exception cref="DemandUnreadableException">It is not UTF-8, not CSV, or the header is of neither format.</exception>
    /// <exception cref="DemandTooLargeException">A limit is passed.</exception>
    public static Task ReadAsync(Stream body, string frequency, int maxColumns, DemandBatch batch, CancellationToken cancellationToken) =>
        CsvBody.ReadAsync(body, header =>
        {
            var rows = FormatOf(header, frequency, maxColumns);
            return (csv, line) => rows.Read(csv, line, batch);
        }, batch.Errors, cancellationToken);

    /// <summary>In-stock flags: the wide format with 1 and 0 for values.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public static Task ReadFlagsAsync(Stream body, int maxColumns, DemandBatch batch, CancellationToken cancellationToken) =>
        CsvBody.ReadAsync(body, header =>
        {
            if (header is not ["id", "start", "frequency", ..]) throw new DemandUnreadableException("The header must be 'id,start,frequency,[...],v1..vn', one row a series.");
            if (header.Length > maxColumns) throw new DemandTooLargeException($"A CSV may have {maxColumns:N0} columns at most.");
            var rows = WideRows.For(header, areFlags: true);
            return (csv, line) => rows.Read(csv, line, batch);
        }, batch.Errors, cancellationToken);

    private static IDemandRows FormatOf(string[] header, string frequency, int maxColumns)
    {
        if (header.Length > maxColumns) throw new DemandTooLargeException($"A CSV may have {maxColumns:N0} columns at most.");
        if (header is ["id", "start", "frequency", ..]) return WideRows.For(header);
        if (header.Contains("sku")) return LongRows.For(header, frequency);
        throw new DemandUnreadableException(
            "The header must be 'id,start,frequency,[...],v1..vn' (one row a series) or 'sku,period,quantity[,in_stock]' (one row a value).");
    }
}

/// <summary>How the rows of one CSV format become values.</summary>
internal interface IDemandRows
{
    /// <summary>Adds the current row.</summary>
    void Read(CsvReader csv, int line, DemandBatch batch);
}
