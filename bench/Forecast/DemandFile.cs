using System.Globalization;
using System.IO.Compression;
using Shabou.Forecasting;

namespace Shabou.Bench.Forecast;

/// <summary>One row of a file of demand.</summary>
/// <param name="Values">From the first period to the last one that is not empty; NaN where empty.</param>
/// <param name="Attributes">The columns between the id and the numbers, by name.</param>
internal sealed record DemandRow(string Id, char Frequency, double[] Values, IReadOnlyDictionary<string, string> Attributes)
{
    public int Season => Frequency switch { 'M' => 12, 'Q' => 4, 'W' => 52, 'D' => 7, 'H' => 24, _ => 1 };

    public PartHistory ToPart(int periods) => new(Id, Season, Values[..Math.Min(periods, Values.Length)]);
}

/// <summary>Reads files of one row a series, plain or gzip: <c>id,start,frequency,[attributes],v1..vn</c> and its relatives.</summary>
/// <remarks>Quotes are not read. Every mistake is an <see cref="InvalidDataException"/> that names the file, the line and, for a value, the column.</remarks>
internal static class DemandFile
{
    private const string Frequencies = "YQMWDHO";

    /// <summary>Path of a file of ../shared/data, or null with a line that says what is skipped.</summary>
    public static string? Find(string root, string file)
    {
        var path = Path.Combine(root, "../shared/data", file);
        if (File.Exists(path)) return path;
        Console.WriteLine($"\nskipped, there is no ../shared/data/{file}");
        return null;
    }

    /// <summary>Demand (<c>v1..vn</c>), or in-stock flags (<c>s1..sn</c>).</summary>
    public static List<DemandRow> Read(string file) => Read(file, header =>
    {
        var first = Array.FindIndex(header, name => name is "v1" or "s1");
        return header is ["id", ..] && header.Contains("frequency") && first > 0 ? first
            : throw new InvalidDataException($"{Path.GetFileName(file)}, line 1: the columns must be id,start,frequency,[attributes],v1..vn.");
    });

    /// <summary>Stock per id: every column after the id is a number.</summary>
    public static List<DemandRow> ReadStock(string file) => Read(file, header =>
        header is ["id", _, ..] ? 1 : throw new InvalidDataException($"{Path.GetFileName(file)}, line 1: the columns must be id, stock and what arrives."));

    private static List<DemandRow> Read(string file, Func<string[], int> firstNumber)
    {
        using Stream stream = file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(File.OpenRead(file), CompressionMode.Decompress) : File.OpenRead(file);
        using var reader = new StreamReader(stream);
        var header = (reader.ReadLine() ?? "").Split(',');
        var (first, frequency) = (firstNumber(header), Array.IndexOf(header, "frequency"));
        var rows = new List<DemandRow>();
        for (var number = 2; reader.ReadLine() is { } line; number++)
        {
            if (line.Length == 0) continue;
            var (fields, where) = (line.Split(','), $"{Path.GetFileName(file)}, line {number}");
            if (fields.Length < first || fields.Length > header.Length)
                throw new InvalidDataException($"{where}: {fields.Length} columns where the first line names {header.Length}.");
            if (frequency >= 0 && (fields[frequency] is not [var letter] || !Frequencies.Contains(letter, StringComparison.Ordinal)))
                throw new InvalidDataException($"{where}, frequency: '{fields[frequency]}' is none of {string.Join(", ", Frequencies.ToCharArray())}.");
            var attributes = Enumerable.Range(1, first - 1).ToDictionary(c => header[c], c => fields[c]);
            rows.Add(new(fields[0], frequency < 0 ? 'O' : fields[frequency][0], Values(header, fields, first, where), attributes));
        }

        return rows;
    }

    private static double[] Values(string[] header, string[] fields, int first, string where)
    {
        var end = fields.Length;
        while (end > first && string.IsNullOrWhiteSpace(fields[end - 1])) end--;
        var values = new double[end - first];
        for (var c = first; c < end; c++)
        {
            if (string.IsNullOrWhiteSpace(fields[c])) values[c - first] = double.NaN;
            else if (!double.TryParse(fields[c], NumberStyles.Float, CultureInfo.InvariantCulture, out values[c - first]) || !double.IsFinite(values[c - first]))
                throw new InvalidDataException($"{where}, {header[c]}: '{fields[c]}' is not a number.");
            else if (values[c - first] < 0)
                throw new InvalidDataException($"{where}, {header[c]}: {fields[c]} is negative; demand is 0 or more.");
        }

        return values;
    }
}
