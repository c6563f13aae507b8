namespace Shabou.Migrator.Reports;

/// <summary>Rows under their headings, each column as wide as its widest value.</summary>
internal static class TextTable
{
    private const string Gap = "   ";

    public static IEnumerable<string> Lines(IReadOnlyList<string> headings, IReadOnlyList<string[]> rows)
    {
        var widths = headings.Select((heading, column) => rows.Select(row => row[column].Length).Append(heading.Length).Max()).ToList();
        yield return Line(headings);
        yield return Line([.. widths.Select(width => new string('-', width))]);
        foreach (var row in rows) yield return Line(row);

        string Line(IReadOnlyList<string> values) => ("  " + string.Join(Gap, values.Select((value, column) => value.PadRight(widths[column])))).TrimEnd();
    }
}
