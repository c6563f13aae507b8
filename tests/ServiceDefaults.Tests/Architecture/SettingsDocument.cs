using System.Text;
using System.Text.RegularExpressions;

namespace Shabou.ServiceDefaults.Tests.Architecture;

/// <summary>Reads the options classes of the source: their section, and each property with its default and what its comment says.</summary>
internal static partial class SettingsDocument
{
    /// <summary>Folders whose programs no shop runs.</summary>
    public static IReadOnlyList<string> NotShipped { get; } = ["tests", "bench", "standins"];

    /// <summary>The tables of docs/database/environment.md, one for each project that has options.</summary>
    public static string Of(DirectoryInfo root)
    {
        var text = new StringBuilder();
        foreach (var project in root.EnumerateDirectories().Where(d => !NotShipped.Contains(d.Name) && d.EnumerateFiles("*.csproj").Any()).OrderBy(d => d.Name, StringComparer.Ordinal))
        {
            var sources = project.EnumerateFiles("*Options.cs", SearchOption.AllDirectories).Where(file => !Path.GetRelativePath(project.FullName, file.FullName).StartsWith("obj", StringComparison.Ordinal))
                .Select(file => File.ReadAllText(file.FullName)).ToList();
            var rows = sources.SelectMany(source => Rows(source, sources)).Order(StringComparer.Ordinal).ToList();
            if (rows.Count > 0) text.Append("\n## ").Append(project.Name).Append("\n\n| key | default | |\n|---|---|---|\n").AppendJoin('\n', rows).Append('\n');
        }
        return text.ToString();
    }

    // The first class has the section; those after it in the same file are properties of it.
    private static IEnumerable<string> Rows(string source, List<string> sources)
    {
        if (SectionOf(source, sources) is not { } section) yield break;
        var classes = source.Split("\n}");
        for (var i = 0; i < classes.Length; i++)
        {
            if (i > 0 && Class().Match(classes[i]) is not { Success: true }) continue;
            var prefix = i == 0 ? section : PrefixOf(classes[0], Class().Match(classes[i]).Groups["name"].Value) is { } member ? Key(section, member) : null;
            if (prefix is null) continue;
            foreach (Match property in Property().Matches(classes[i]))
                yield return $"| `{Key(prefix, property.Groups["name"].Value)}` | {Default(property.Groups["type"].Value, property.Groups["default"].Value)} | {Sentence(property.Groups["summary"].Value)} |";
        }
    }

    private static string Key(string section, string name) => section.Length == 0 ? name : $"{section}:{name}";

    private static string? SectionOf(string source, List<string> sources) =>
        Section().Match(source) is { Success: true } own ? own.Groups["name"].Value
        : Borrowed().Match(source) is { Success: true } borrowed
            ? sources.Where(other => other.Contains($"class {borrowed.Groups["class"].Value}", StringComparison.Ordinal)).Select(other => Section().Match(other).Groups["name"].Value).First()
            : null;

    private static string? PrefixOf(string source, string type) =>
        Regex.Match(source, $@"public (?<dictionary>Dictionary<string, )?{type}>? (?<name>\w+) \{{") is { Success: true } member
            ? member.Groups["name"].Value + (member.Groups["dictionary"].Success ? ":<name>" : "")
            : null;

    private static string Default(string type, string value) => value switch
    {
        "" => type switch { "bool" => "`false`", "int" or "long" or "decimal" or "double" => "0", _ => "none" },
        "\"\"" or "null!" or "default!" or "[]" or "new()" => "none",
        _ when value.Contains('\n', StringComparison.Ordinal) => "in code",
        _ when Span().Match(value) is { Success: true } span => $"{span.Groups["number"].Value.Replace("_", ",", StringComparison.Ordinal)} {span.Groups["unit"].Value.ToLowerInvariant()}",
        _ => $"`{value.Replace("_", ",", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal).Trim('"')}`",
    };

    // The first sentence, without the markup of the comment.
    private static string Sentence(string summary)
    {
        var words = Space().Replace(Markup().Replace(summary.Replace("///", "", StringComparison.Ordinal), match => match.Groups["cref"].Value), " ").Trim().Replace("|", "\\|", StringComparison.Ordinal);
        var end = words.IndexOf(". ", StringComparison.Ordinal);
        return end < 0 ? words : words[..(end + 1)];
    }

    [GeneratedRegex("""const string Section = "(?<name>[^"]*)";""")]
    private static partial Regex Section();

    [GeneratedRegex("""const string Section = (?:\w+\.)*?(?<class>\w+)\.Section;""")]
    private static partial Regex Borrowed();

    [GeneratedRegex(@"(?:class|record) (?<name>\w+)")]
    private static partial Regex Class();

    [GeneratedRegex("""/// <summary>(?<summary>(?:(?!</summary>)[\s\S])*)</summary>(?:(?!/// <summary>|public )[\s\S])*?public (?:required )?(?<type>[\w<>?,\[\]. ]+) (?<name>[A-Z]\w*) \{ get; (?:(?:set|init); )?\}(?: = (?<default>[^;]+);)?""")]
    private static partial Regex Property();

    [GeneratedRegex(@"TimeSpan\.From(?<unit>\w+)\((?<number>[\d._]+)\)")]
    private static partial Regex Span();

    [GeneratedRegex("""<see (?:cref|langword)="(?:\w+\.)*(?<cref>\w+)[^"]*"\s*/>|</?c>""")]
    private static partial Regex Markup();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
