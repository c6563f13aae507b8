namespace Shabou.ForecastService.Demand;

/// <summary>What is wrong with one row.</summary>
/// <param name="Line">Line of the file, the header being 1; in JSON, number of the observation from 1.</param>
/// <param name="Message">What is wrong and what would be right.</param>
public sealed record RowError(int Line, string Message);

/// <summary>Collects what is wrong with an import: all are counted, the first are kept.</summary>
internal sealed class RowErrors
{
    public const int Kept = 100;
    private const int LongestValue = 40;
    private readonly List<RowError> _first = [];

    public int Count { get; private set; }

    public IReadOnlyList<RowError> First => _first;

    public void Add(int line, string message)
    {
        Count++;
        if (_first.Count < Kept) _first.Add(new RowError(line, message));
    }

    /// <summary>A value as it may stand in a message: quoted, printable and not endless.</summary>
    public static string Quote(string value)
    {
        var shown = value.Length > LongestValue ? value[..LongestValue] + "..." : value;
        return $"'{string.Concat(shown.Select(c => char.IsControl(c) ? '?' : c))}'";
    }
}
