using System.Text.RegularExpressions;

namespace Shabou.ServiceDefaults.Tests.Architecture;

/// <summary>Every key and section that shipped code asks configuration or the environment for by its name, whether the name stands there or in a constant.</summary>
/// <param name="root">Of the repository.</param>
internal sealed partial class ReadSettings(DirectoryInfo root)
{
    private readonly Dictionary<string, string> _sources = root.EnumerateDirectories().Where(project => !SettingsDocument.NotShipped.Contains(project.Name) && project.EnumerateFiles("*.csproj").Any())
        .SelectMany(project => project.EnumerateFiles("*.cs", SearchOption.AllDirectories)).Select(file => Path.GetRelativePath(root.FullName, file.FullName))
        .Where(file => file.Split(Path.DirectorySeparatorChar)[1] is not ("obj" or "bin")).ToDictionary(file => file, file => File.ReadAllText(Path.Combine(root.FullName, file)));

    /// <summary>Key and the file that reads it; the expression itself where it is not known before the program runs.</summary>
    public IEnumerable<(string Key, string File)> All =>
        from source in _sources
        from Match read in Read().Matches(source.Value)
        from key in Resolve(read.Groups["key"].Value, source.Value)
        select (key, source.Key);

    private List<string> Resolve(string expression, string source)
    {
        if (expression[0] == '"') return [expression.Trim('"')];
        if (expression[0] == '$') return [expression];
        var parts = expression.Split('.');
        var declarations = parts.Length == 1 ? [source] : _sources.Values.Where(other => Regex.IsMatch(other, $@"\b(class|record) {parts[^2]}\b"));
        var values = declarations.Select(text => (Text: text, Constant: Regex.Match(text, $"const string {parts[^1]} = (?<value>[^;]+);"))).Where(found => found.Constant.Success)
            .SelectMany(found => Resolve(found.Constant.Groups["value"].Value, found.Text)).Distinct().ToList();
        return values.Count > 0 ? values : [expression];
    }

    [GeneratedRegex("""(?:[cC]onfiguration\[|\.GetValue<[^>]+>\(|GetSection\(|BindConfiguration\(|GetEnvironmentVariable\()(?<key>\$?"[^"]*"|[\w.]+)""")]
    private static partial Regex Read();
}
