namespace Shabou.ServiceDefaults.Tests.Architecture;

/// <summary>docs/database/environment.md says what the options classes say.</summary>
public sealed class SettingsDocumentTests
{
    private const string Begin = "<!-- from the options classes -->\n";

    /// <summary>Set to 1 to have the document written anew.</summary>
    private const string Write = "SHABOU_WRITE_DOCUMENTS";

    [Fact]
    public void Every_setting_is_in_the_document_with_its_default()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Shabou.slnx"))) root = root.Parent ?? throw new InvalidOperationException("Shabou.slnx is not above the tests' folder.");
        var path = Path.Combine(root.FullName, "docs", "database", "environment.md");
        var page = File.ReadAllText(path);
        var written = page[..(page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length)] + SettingsDocument.Of(root);
        if (Environment.GetEnvironmentVariable(Write) == "1") File.WriteAllText(path, written);
        else Assert.Equal(written, page, ignoreLineEndingDifferences: true); // run it once with SHABOU_WRITE_DOCUMENTS=1, and look at what changed
    }
}
