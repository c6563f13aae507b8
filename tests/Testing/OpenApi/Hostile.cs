using System.Text.RegularExpressions;

namespace Shabou.Testing.OpenApi;

/// <summary>A string that has broken programs.</summary>
public sealed record Hostile(string Kind, string Text)
{
    /// <summary>Ends what is long enough to be told from ordinary text: where it stands, a client's text stands.</summary>
    public const string Marker = "zqxmarker";

    public static IReadOnlyList<Hostile> All { get; } = Read();

    /// <summary>The same words without what could be an attack.</summary>
    public string Harmless => Regex.Replace(Text, @"[^\p{L}\p{N}]", " ");

    private static List<Hostile> Read()
    {
        using var file = new StreamReader(typeof(Hostile).Assembly.GetManifestResourceStream("Shabou.Testing.hostile.txt")!);
        var (kind, all) = ("", new List<Hostile>());
        while (file.ReadLine() is { } line)
        {
            if (line.StartsWith("# ", StringComparison.Ordinal)) kind = line[2..];
            else if (line.Length > 0) all.Add(new(kind, Unescape(line) is var text && text.Length > 12 ? text + Marker : text));
        }
        return all;
    }

    private static string Unescape(string line) => Regex.Replace(line, @"\\(r|n|t|\\|u([0-9a-fA-F]{4}))", match => match.Groups[1].Value switch
    {
        "r" => "\r", "n" => "\n", "t" => "\t", "\\" => "\\", _ => ((char)Convert.ToInt32(match.Groups[2].Value, 16)).ToString(),
    });
}
