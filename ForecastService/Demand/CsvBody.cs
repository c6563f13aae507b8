using System.Globalization;
using System.Text;
using CsvHelper;

namespace Shabou.ForecastService.Demand;

/// <summary>Reads CSV row by row and says in the client's words why it cannot be read.</summary>
internal static class CsvBody
{
    private const int LongestRow = 1024 * 1024; // a quote that is never closed must not grow a buffer for ever

    /// <param name="body">UTF-8.</param>
    /// <param name="open">Gets the header and gives what reads a row, with its line.</param>
    /// <param name="errors">Receives rows whose number of fields is not the header's.</param>
    /// <param name="cancellationToken">Stops between rows; the stream's own reads stop with the request.</param>
    /// <exception cref="DemandUnreadableException">It is not UTF-8, not CSV, or empty.</exception>
    /// <exception cref="DemandTooLargeException">A limit is passed.</exception>
    public static async Task ReadAsync(Stream body, Func<string[], Action<CsvReader, int>> open, RowErrors errors, CancellationToken cancellationToken)
    {
        var options = new CsvReaderOptions
        {
            HasHeader = false, Separator = ',', TrimWhitespace = true, TrackLineNumbers = true, MaxRecordSize = LongestRow,
            MalformedData = CsvMalformedDataHandling.Throw,
        };
        using var reader = new StreamReader(body, new UTF8Encoding(false, throwOnInvalidBytes: true));
        using var csv = CsvReader.Create(reader, options);
        try
        {
            if (!await csv.ReadAsync(cancellationToken)) throw new DemandUnreadableException("The body is empty.");
            var columns = csv.FieldCount;
            var read = open([.. Enumerable.Range(0, columns).Select(csv.GetString)]);
            while (await csv.ReadAsync(cancellationToken))
            {
                if (csv.FieldCount == columns) read(csv, (int)csv.LineNumber);
                else errors.Add((int)csv.LineNumber, $"The row has {csv.FieldCount} fields, the header {columns}.");
            }
        }
        catch (DecoderFallbackException)
        {
            throw new DemandUnreadableException("The body is not UTF-8.");
        }
        catch (InvalidDataException)
        {
            throw new DemandUnreadableException("The gzip body is damaged or cut short.");
        }
        catch (CsvFormatException error)
        {
            throw new DemandUnreadableException(string.Create(CultureInfo.InvariantCulture,
                $"The CSV cannot be read at line {error.LineNumber}: a quote is out of place or never closed, or the row has more than {LongestRow:N0} bytes."));
        }
    }
}
