using System.Globalization;
using System.IO.Compression;
using Shabou.Forecasting;

namespace Shabou.Bench.Forecast;

/// <summary>One row of a file of demand.</summary>
/// <param name="Values">From the first period to the last one that is not empty; NaN where empty.</param>
/// <param name="Attributes">The columns between frequency and v1, by name.</param>
internal sealed record DemandRow(string Id, char Frequency, double[] Values, IReadOnlyDictionary<string, string> Attributes)
{
    public int Season => char.ToUpperInvariant(Frequency) switch { 'M' => 12, 'Q' => 4, 'W' => 52, 'D' => 7, 'H' => 24, _ => 1 };

    public PartHistory ToPart(int periods) => new(Id, Season, Values[..Math.Min(periods, Values.Length)]);
}

/// <summary>Reads <c>id,start,frequency,[attributes],v1..vn</c>, plain or gzip.</summary>
internal static class DemandFile
{
    /// <exception cref="InvalidDataException">A column is missing or a value is not a number; says where.</exception>
    public static List<DemandRow> Read(string file)
    {
        using Stream stream = file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(File.OpenRead(file), CompressionMode.Decompress) : File.OpenRead(file);
        using var reader = new StreamReader(stream);
        var header = (reader.ReadLine() ?? "").Split(',');
        var (id, frequency, first) = (Array.IndexOf(header, "id"), Array.IndexOf(header, "frequency"), Array.FindIndex(header, name => name is "v1" or "s1"));
        if (id < 0 || frequency < 0 || first < 0) throw new InvalidDataException($"{Path.GetFileName(file)}: the first line must name id, frequency and v1.");
        var rows = new List<DemandRow>();
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0) continue;
            var fields = line.Split(',');
            if (fields.Length < first) throw new InvalidDataException($"{Path.GetFileName(file)}, line {rows.Count + 2}: only {fields.Length} columns.");
            var attributes = Enumerable.Range(frequency + 1, first - frequency - 1).ToDictionary(c => header[c], c => fields[c]);
            rows.Add(new(fields[id], fields[frequency] is [var letter, ..] ? letter : 'O', Values(fields.AsSpan(first), $"{Path.GetFileName(file)}, line {rows.Count + 2}"), attributes));
        }

        return rows;
    }

    private static double[] Values(ReadOnlySpan<string> fields, string where)
    {
        var length = fields.Length;
        while (length > 0 && string.IsNullOrWhiteSpace(fields[length - 1])) length--;
        var values = new double[length];
        for (var t = 0; t < length; t++)
        {
            if (string.IsNullOrWhiteSpace(fields[t])) values[t] = double.NaN;
            else if (!double.TryParse(fields[t], NumberStyles.Float, CultureInfo.InvariantCulture, out values[t]))
                throw new InvalidDataException($"{where}, v{t + 1}: {fields[t]} is not a number.");
        }

        return values;
    }
}
