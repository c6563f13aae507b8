using System.Security.Cryptography;
using System.Text;
using Shabou.Testing.OpenApi;

namespace Shabou.EndToEnd.Tests;

/// <summary>Where a client's text gets into the system: a parameter or a member of a body that the description names, a cell of a CSV body, or
/// a header that any client may send along.</summary>
public sealed record HostilePlace(ApiOperation Operation, ApiParameter? Parameter = null, BodyMember? Member = null, int? Column = null, string? Header = null)
{
    private const string Csv = "text/csv";

    private static readonly string[] s_headers =
    [
        "Cookie", "Authorization", "User-Agent", "Referer", "Accept", "Accept-Language", "Origin", "X-Request-Id", "If-Match", "If-None-Match", "Idempotency-Key", "Range",
        "traceparent", "tracestate", "baggage", "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-HTTP-Method-Override",
    ];

    public string Name => $"{Operation.Method} {Operation.Path}, {Parameter?.Name ?? Member?.Name ?? Header ?? (Column is { } column ? $"column {column + 1}" : "the example")}";

    /// <summary>Whether any text is as good as another there, so that it is stored, searched for or compared.</summary>
    public bool IsText => Parameter is { IsText: true } || Member is { IsText: true } || Column is not null;

    public static IEnumerable<HostilePlace> Of(ApiOperation operation) =>
    [
        .. operation.Parameters.Select(parameter => new HostilePlace(operation, Parameter: parameter)),
        .. BodyMember.Of(operation).Where(member => member.Types.Any(type => type is "string" or "integer" or "number" or "boolean")).Select(member => new HostilePlace(operation, Member: member)),
        .. Enumerable.Range(0, CsvLines(operation) is [var head, ..] ? head.Split(',').Length : 0).Select(column => new HostilePlace(operation, Column: column)),
        .. s_headers.Select(header => new HostilePlace(operation, Header: header)),
    ];

    /// <summary>No server lets NUL in a path through, and this client sends only ASCII in headers.</summary>
    public bool CanCarry(Hostile hostile) => Parameter?.In switch
    {
        "path" => !hostile.Text.Contains('\0', StringComparison.Ordinal),
        "header" => InHeader(hostile.Text),
        _ => Header is null || InHeader(hostile.Text),
    };

    /// <summary>One in so many strings of the corpus, the same ones for the same seed whatever other places there are; at least one.</summary>
    public IEnumerable<Hostile> Sample(int seed, double share)
    {
        var possible = Hostile.All.Where(CanCarry).ToArray();
        var random = new Random(BitConverter.ToInt32(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed} {Name}"))));
        random.Shuffle(possible);
        var exact = possible.Length / share;
        return possible.Take((int)exact + (random.NextDouble() < exact - (int)exact ? 1 : 0));
    }

    /// <summary>The example of its CSV body with the text in this place, quoted; null when it is elsewhere.</summary>
    public string? CsvWith(string text)
    {
        if (Column is not { } column || CsvLines(Operation) is not [var head, var row, ..]) return null;
        var cells = row.Split(',');
        cells[column] = $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        return $"{head}\n{string.Join(',', cells)}\n";
    }

    private static string[] CsvLines(ApiOperation operation) =>
        operation.RequestContent.Where(content => content.Media == Csv).Select(content => content.Content.GetProperty("example").GetString()!.Split('\n', StringSplitOptions.RemoveEmptyEntries)).FirstOrDefault([]);

    private static bool InHeader(string text) => text.All(c => c is >= ' ' and <= '~');
}
