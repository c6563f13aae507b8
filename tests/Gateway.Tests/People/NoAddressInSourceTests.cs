using System.Text.RegularExpressions;

namespace Shabou.Gateway.Tests.People;

/// <summary>Nobody is administrator because a file says so.</summary>
public sealed partial class NoAddressInSourceTests
{
    [Fact]
    public async Task No_source_and_no_setting_names_a_person()
    {
        var root = Root();
        var found = new List<string>();
        var read = 0;
        foreach (var file in FilesIn(root))
        {
            var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
            read++;
            found.AddRange(Address().Matches(text).Select(address => $"{Path.GetRelativePath(root, file)}: {address.Value}"));
        }
        Assert.True(read > 100, $"Only {read} files were read.");
        Assert.Empty(found);
    }

    [Fact]
    public void The_search_finds_an_address() => Assert.Matches(Address(), "if (email == \"owner@shop.example\")");

    /// <summary>What is built and deployed: not the tests, which invent people, nor what was made from it.</summary>
    private static IEnumerable<string> FilesIn(string folder)
    {
        string[] skipped = ["tests", "bin", "obj", "docs"], kinds = [".cs", ".json", ".yml", ".yaml", ".props", ".targets", ".csproj", ".html", ".sh", ".sql", ""];
        return Directory.EnumerateFiles(folder).Where(file => kinds.Contains(Path.GetExtension(file)))
            .Concat(Directory.EnumerateDirectories(folder).Where(inner => Path.GetFileName(inner) is var name && !skipped.Contains(name) && (name[0] != '.' || name == ".ci")).SelectMany(FilesIn));
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Shabou.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests do not lie in the repository.");
    }

    [GeneratedRegex(@"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")]
    private static partial Regex Address();
}
