using System.Globalization;
using System.IO.Compression;

namespace Shabou.Bench.Forecast;

/// <summary>A file with one series a row: id, attributes, then numbers to the end of the row; empty = NaN. Gzip when its name says so.</summary>
/// <param name="Ids">First column.</param>
/// <param name="Values">Per row, the columns from the first number column on.</param>
internal sealed record WideFile(List<string> Ids, List<double[]> Values)
{
    /// <summary>Path of a file of ../shared/data, or null with a line that says what is skipped.</summary>
    public static string? Find(string root, string file)
    {
        var path = Path.Combine(root, "../shared/data", file);
        if (File.Exists(path)) return path;
        Console.WriteLine($"\nskipped, there is no ../shared/data/{file}");
        return null;
    }

    /// <param name="path">The file.</param>
    /// <param name="first">Name of the first number column; v1, s1 or, for a state, the second.</param>
    public static WideFile Read(string path, string? first = null)
    {
        using Stream file = File.OpenRead(path);
        using var reader = new StreamReader(path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file);
        var header = (reader.ReadLine() ?? throw new InvalidDataException($"{path} is empty.")).Split(',');
        var start = first is null ? 1 : Array.IndexOf(header, first);
        if (start < 1) throw new InvalidDataException($"{path} has no column {first}.");
        var read = new WideFile([], []);
        while (reader.ReadLine() is { } line)
        {
            var cells = line.Split(',');
            read.Ids.Add(cells[0]);
            read.Values.Add([.. cells[start..].Select(c => c.Length == 0 ? double.NaN : double.Parse(c, CultureInfo.InvariantCulture))]);
        }

        return read;
    }
}
