using System.Runtime.CompilerServices;
using System.Text;
using CsvHelper;
using Shabou.Schema;

namespace Shabou.CatalogApi.Prices;

/// <summary>Reads a price list from CSV, a row at a time.</summary>
/// <remarks>The header names a column <c>sku</c> and one of <c>price</c>, <c>priceExclTax</c>, <c>price_excl_tax</c>; a column <c>currency</c>
/// must say TND; others are allowed. It also tells the separator: a semicolon or a comma. Where that is a semicolon, a comma in a price is
/// its decimal point, as spreadsheets in French write it.</remarks>
internal sealed class PriceListCsv
{
    private const int LongestHeader = 8 * 1024;
    private const int LongestRow = 64 * 1024; // a quote that is never closed must not grow a buffer for ever
    private static readonly string[] s_priceColumns = ["price", "priceExclTax", "price_excl_tax"];

    private readonly CsvReaderOptions _options;
    private readonly int _columns;
    private readonly int _sku;
    private readonly int _price;
    private readonly int _currency;
    private readonly string _priceColumn;

    private PriceListCsv(string header)
    {
        _options = new()
        {
            HasHeader = false, Separator = header.Contains(';', StringComparison.Ordinal) ? ';' : ',', TrimWhitespace = true, TrackLineNumbers = true,
            MaxRecordSize = LongestRow, MalformedData = CsvMalformedDataHandling.Throw,
        };
        using var csv = CsvReader.FromText(header, _options);
        string[] names = csv.Read() ? [.. Enumerable.Range(0, csv.FieldCount).Select(csv.GetString)] : [];
        _columns = names.Length;
        _sku = Find(names, "sku") ?? throw new PriceListUnreadableException("The first line must be a header with the columns sku and price; there is no sku.");
        var prices = s_priceColumns.Select(name => Find(names, name)).OfType<int>().ToList();
        _price = prices is [var only] ? only
            : throw new PriceListUnreadableException($"The first line must be a header with the columns sku and price; there is {(prices.Count == 0 ? "no" : "more than one")} price ({string.Join(", ", s_priceColumns)}).");
        _priceColumn = names[_price];
        _currency = Find(names, "currency") ?? -1;
    }

    /// <param name="body">UTF-8, with or without a byte order mark.</param>
    /// <param name="cancellationToken">Stops between rows; the stream's own reads stop with the request.</param>
    /// <exception cref="PriceListUnreadableException">There is no header, or it lacks a column.</exception>
    /// <exception cref="DecoderFallbackException">It is not UTF-8.</exception>
    /// <exception cref="CsvFormatException">A quote is out of place, or a row is too long.</exception>
    public static async IAsyncEnumerable<PriceListLine> ReadAsync(Stream body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // This encoding knows the mark and stays strict after it, which the reader's own detection would not.
        using var text = new StreamReader(body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: false);
        var header = await text.ReadLineAsync(cancellationToken);
        if (string.IsNullOrWhiteSpace(header) || header.Length > LongestHeader) throw new PriceListUnreadableException("The first line must be a header with the columns sku and price.");
        var rows = new PriceListCsv(header);
        using var csv = CsvReader.Create(text, rows._options);
        while (await csv.ReadAsync(cancellationToken)) yield return rows.Read(csv, (int)csv.LineNumber + 1);
    }

    private PriceListLine Read(CsvReader csv, int line)
    {
        if (csv.FieldCount != _columns) return new(line, null, null, "row", $"The row has {csv.FieldCount} fields, the header {_columns}.");
        var price = csv.GetString(_price);
        if (_options.Separator == ';' && !price.Contains('.', StringComparison.Ordinal)) price = price.Replace(',', '.');
        var read = PriceListFields.Read(line, csv.GetString(_sku), price, _priceColumn);
        if (_currency < 0 || read.Error is not null || csv.GetString(_currency) is Money.Dinar) return read;
        return read with { Amount = null, Column = "currency", Error = $"The currency is {PriceListFields.Quote(csv.GetString(_currency))}; prices must be in {Money.Dinar}." };
    }

    private static int? Find(string[] names, string name)
    {
        var found = Enumerable.Range(0, names.Length).Where(i => names[i].Equals(name, StringComparison.OrdinalIgnoreCase)).ToList();
        return found.Count <= 1 ? found.Cast<int?>().FirstOrDefault() : throw new PriceListUnreadableException($"The header names the column {name} more than once.");
    }
}
