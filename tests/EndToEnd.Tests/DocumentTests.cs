using System.Diagnostics;
using System.Text.RegularExpressions;
using Aspire.Hosting.Testing;
using Npgsql;

namespace Shabou.EndToEnd.Tests;

/// <summary>The documents are there, their links lead somewhere, and their commands do what they say: every block marked <c>sh test</c> is run against the system.</summary>
public sealed partial class DocumentTests(ShabouApp app)
{
    private static readonly string s_root = Path.GetFullPath(Path.Combine(Projects.AppHost.ProjectPath, ".."));
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string> Pages => [.. Directory.EnumerateFiles(Path.Combine(s_root, "docs"), "*.md", SearchOption.AllDirectories).Select(Relative).Order(StringComparer.Ordinal)];

    public static TheoryData<string> PagesWithCommands => [.. Pages.Select(page => page.Data).Where(page => Block().IsMatch(Read(page)))];

    [Fact]
    public void The_eight_documents_of_the_database_are_there_and_in_their_index_and_each_has_a_command_that_is_run()
    {
        var index = Read("docs/database/README.md");
        foreach (var page in (string[])["setup.md", "pools.md", "migrations.md", "../runbooks/backup-and-restore.md", "environment.md", "tls.md", "roles.md", "troubleshooting.md"])
        {
            Assert.Contains($"({page})", index, StringComparison.Ordinal);
            Assert.True(File.Exists(Path.Combine(s_root, "docs", "database", page)), $"docs/database/{page} is missing.");
            Assert.Contains(Path.GetRelativePath(s_root, Path.GetFullPath(Path.Combine(s_root, "docs", "database", page))).Replace(Path.DirectorySeparatorChar, '/'), PagesWithCommands.Select(row => row.Data));
        }
    }

    [Theory, MemberData(nameof(Pages))]
    public void Every_link_of_a_page_leads_somewhere(string page)
    {
        foreach (Match link in Link().Matches(Fenced().Replace(Read(page), "")))
        {
            var target = link.Groups["target"].Value;
            if (target.Contains("://", StringComparison.Ordinal) || target.StartsWith('#')) continue;
            var path = Path.GetFullPath(Path.Combine(s_root, Path.GetDirectoryName(page)!, target.Split('#')[0]));
            Assert.True(File.Exists(path) || Directory.Exists(path), $"{page} has a link to {target}, which is not there.");
        }
    }

    [Theory, MemberData(nameof(PagesWithCommands))]
    public async Task The_commands_of_a_page_run(string page)
    {
        foreach (Match block in Block().Matches(Read(page))) await RunAsync(page, block.Groups["commands"].Value);
    }

    private async Task RunAsync(string page, string commands)
    {
        var owner = new NpgsqlConnectionStringBuilder(await app.App.GetConnectionStringAsync("shabou", Cancelled));
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", commands]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = s_root };
        start.Environment["GATEWAY"] = app.App.GetEndpoint("gateway", "https").ToString().TrimEnd('/');
        start.Environment["KEY"] = await app.NewKeyAsync();
        start.Environment["CA"] = await app.AuthorityFileAsync();
        start.Environment["DATABASE"] = $"postgresql://{owner.Username}:{Uri.EscapeDataString(owner.Password ?? "")}@{owner.Host}:{owner.Port}/{owner.Database}";
        start.Environment["CONNECTION"] = owner.ConnectionString;
        start.Environment["SECRETS"] = app.Secrets;
        using var bash = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(s_patience);
        var output = bash.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = bash.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            await bash.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            bash.Kill(entireProcessTree: true);
            throw;
        }
        Assert.True(bash.ExitCode == 0, $"A command of {page} ended with {bash.ExitCode}:\n{commands}\n{await errors}{await output}");
    }

    private static string Relative(string file) => Path.GetRelativePath(s_root, file).Replace(Path.DirectorySeparatorChar, '/');

    private static string Read(string page) => File.ReadAllText(Path.Combine(s_root, page));

    [GeneratedRegex("^```sh test\n(?<commands>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex("^```.*?^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fenced();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();
}
