using System.Text.RegularExpressions;

namespace Shabou.Schema.Tests;

/// <summary>docs/risks.md names tests that are there, and says of those that <c>./test</c> leaves out that they are.</summary>
public sealed partial class RiskRegisterTests
{
    private static readonly string s_root = Root();

    private static readonly Dictionary<string, string> s_classes = Directory.EnumerateFiles(Path.Combine(s_root, "tests"), "*Tests.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}")).GroupBy(file => Path.GetFileNameWithoutExtension(file))
        .ToDictionary(files => files.Key, files => string.Concat(files.Select(File.ReadAllText)));

    public static TheoryData<string, string> Rows => [.. File.ReadLines(Path.Combine(s_root, "docs", "risks.md")).Where(line => Row().IsMatch(line)).Select(line => (line.Split('|')[1].Trim(), line))];

    [Theory, MemberData(nameof(Rows))]
    public void Every_test_that_a_row_names_is_there_and_what_runs_only_with_the_faults_is_said_to(string risk, string row)
    {
        var named = Named().Matches(row).Select(match => match.Groups["class"].Value).ToList();
        Assert.All(named, name => Assert.True(s_classes.ContainsKey(name), $"{risk}: there is no {name}."));
        if (named.Any(name => s_classes[name].Contains("\"Category\", \"Faults\"", StringComparison.Ordinal))) Assert.Matches("with the faults|as R[0-9]+", row);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Shabou.slnx"))) folder = folder.Parent ?? throw new InvalidOperationException("Shabou.slnx is not above the tests' folder.");
        return folder.FullName;
    }

    [GeneratedRegex(@"^\| R\d+ ")]
    private static partial Regex Row();

    [GeneratedRegex(@"`(?<class>\w+Tests)`")]
    private static partial Regex Named();
}
