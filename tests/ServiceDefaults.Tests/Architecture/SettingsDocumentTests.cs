namespace Shabou.ServiceDefaults.Tests.Architecture;

/// <summary>docs/database/environment.md says what the options classes say.</summary>
public sealed class SettingsDocumentTests
{
    private const string Begin = "<!-- from the options classes -->\n";

    /// <summary>Set to 1 to have the document written anew.</summary>
    private const string Write = "SHABOU_WRITE_DOCUMENTS";

    /// <summary>What is read and is no setting of ours, or is known only when the program runs, each with its reason.</summary>
    private static readonly Dictionary<string, string> Others = new()
    {
        ["PATH"] = "the system's: where PostgreSQL's programs are looked for",
        ["HTTPS_PORT"] = "ASP.NET Core's; ours is Transport:HttpsPort", ["ASPNETCORE_HTTPS_PORT"] = "as HTTPS_PORT",
        ["$\"Parameters:{parameter}\""] = "AppHost/Google.cs: each is in the document", ["$\"Parameters:{parameter.Replace('-', '_')}\""] = "another spelling of it",
        ["$\"{RateLimitOptions.Section}:{key}\""] = "names of old settings, which are refused",
        ["key"] = "of a section or a secret that is named where it is registered",
    };

    [Fact]
    public void Every_setting_that_is_read_by_its_name_is_in_the_document()
    {
        var root = Root();
        var page = File.ReadAllText(Path.Combine(root.FullName, "docs", "database", "environment.md"));
        var read = new ReadSettings(root).All.Where(setting => setting.Key.Length > 0).ToList();
        Assert.True(read.Count > 60);
        var missing = read.Where(setting => !Others.ContainsKey(setting.Key) && !page.Contains($"`{setting.Key.Replace('_', setting.Key.StartsWith("Parameters", StringComparison.Ordinal) ? '-' : '_')}", StringComparison.Ordinal));
        Assert.Equal([], missing.Select(setting => $"{setting.Key} is read by {setting.File}"));
        Assert.Equal([], Others.Keys.Except(read.Select(setting => setting.Key)));
    }

    [Fact]
    public void Every_setting_is_in_the_document_with_its_default()
    {
        var root = Root();
        var path = Path.Combine(root.FullName, "docs", "database", "environment.md");
        var page = File.ReadAllText(path);
        var written = page[..(page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length)] + SettingsDocument.Of(root);
        if (Environment.GetEnvironmentVariable(Write) == "1") File.WriteAllText(path, written);
        else Assert.Equal(written, page, ignoreLineEndingDifferences: true); // run it once with SHABOU_WRITE_DOCUMENTS=1, and look at what changed
    }

    private static DirectoryInfo Root()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Shabou.slnx"))) root = root.Parent ?? throw new InvalidOperationException("Shabou.slnx is not above the tests' folder.");
        return root;
    }
}
