using System.Globalization;
using System.IO.Compression;

namespace Shabou.Forecasting.Tests;

/// <summary>The public demand data beside the repository; tests that need it are skipped where it is absent.</summary>
internal static class SharedData
{
    /// <summary>Path of a file of ../shared/data; skips the calling test when it is not there.</summary>
    public static string Find(string file)
    {
        var path = PathOf(file);
        Assert.SkipWhen(path is null, $"{file} is not in ../shared/data");
        return path!;
    }

    /// <summary>Path of a file of ../shared/data, if it is there.</summary>
    public static string? PathOf(string file)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Shabou.slnx"))) root = root.Parent;
        var path = Path.Combine(root?.Parent?.FullName ?? ".", "shared", "data", file);
        return File.Exists(path) ? path : null;
    }

    /// <summary>The values of each series of a wide file whose values start at a column.</summary>
    public static List<double[]> Read(string file, int firstValue)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(Find(file)), CompressionMode.Decompress));
        reader.ReadLine();
        var series = new List<double[]>();
        while (reader.ReadLine() is { } line)
            series.Add([.. line.Split(',')[firstValue..].Select(v => v.Length == 0 ? double.NaN : double.Parse(v, CultureInfo.InvariantCulture))]);
        return series;
    }
}
