using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.EntityFrameworkCore;

namespace Shabou.EndToEnd.Tests;

/// <summary>Docs/runbooks/failover.md, done as it is written: the script <c>./standby</c> there and back.</summary>
public sealed partial class FailoverRunbookTests
{
    private static readonly string s_root = Path.GetFullPath(Path.Combine(Projects.AppHost.ProjectPath, ".."));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact, Trait("Category", "Faults")]
    public async Task Every_command_of_the_runbook_does_what_it_promises()
    {
        var blocks = Block().Matches(await File.ReadAllTextAsync(Path.Combine(s_root, "docs", "runbooks", "failover.md"), Cancellation)).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(4, blocks.Count); // state, promote, rejoin, copy
        var folder = Path.Combine(Path.GetTempPath(), $"shabou-standby-{Guid.NewGuid():N}");
        var app = new ShabouApp { Arguments = ["--standby", $"--Standby:Folder={folder}"] };
        try
        {
            await app.InitializeAsync();
            using var client = await app.NewClientAsync();
            await CreateAsync(client, "first");
            await StateAsync(folder, blocks[0], state => state is { Role: "standby", IsInSync: true });
            var data = PostgresProcesses.DataOf(app);
            await PostgresProcesses.SignalAsync(app, "KILL");
            Assert.Contains("\"promoted\":true", await RunAsync(blocks[1], folder), StringComparison.Ordinal);
            await CreateAsync(client, "second");

            Assert.Contains("it is a standby now", await RunAsync(blocks[2], folder, ("OLD", data)), StringComparison.Ordinal);
            Assert.True(Directory.Exists(data + ".old"));
            Assert.True((await app.App.ResourceCommands.ExecuteCommandAsync("postgres", KnownResourceCommands.StartCommand, Cancellation)).Success);
            await StateAsync(folder, blocks[0], state => state is { Role: "primary", IsInSync: true });
            await CreateAsync(client, "third");
            Assert.Contains("\"promoted\":true", await RunAsync(blocks[1], folder), StringComparison.Ordinal); // it also leads back
            await CreateAsync(client, "fourth");
            await StateAsync(folder, blocks[0], state => state is { Role: "standby", IsInSync: true });
            Assert.Contains("made anew", await RunAsync(blocks[3], folder), StringComparison.Ordinal);
            await StateAsync(folder, blocks[0], state => state is { Role: "standby", IsInSync: true });
            await CreateAsync(client, "fifth");

            await using var database = new Shabou.Schema.ShabouContext(new DbContextOptionsBuilder<Shabou.Schema.ShabouContext>().UseNpgsql(await app.App.GetConnectionStringAsync("shabou-owner", Cancellation)).Options);
            Assert.Equal(["fifth", "first", "fourth", "second", "third"], await database.Brands.Where(b => b.Name == "Runbook").Select(b => b.Slug).Order().ToListAsync(Cancellation));
        }
        finally
        {
            await app.DisposeAsync();
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("--help", 0, "make the standby the primary")]
    [InlineData("--nonsense", 2, "Unknown option '--nonsense'")]
    [InlineData("rejoin", 2, "rejoin needs the folder")]
    public async Task The_script_says_what_it_can_and_what_is_wrong(string arguments, int exitCode, string said)
    {
        var (code, output) = await ShellAsync($"./standby {arguments}", "/nowhere");
        Assert.Equal(exitCode, code);
        Assert.Contains(said, output, StringComparison.Ordinal);
    }

    // Once the pair takes writes again; what is refused meanwhile is told to come back.
    private static Task CreateAsync(HttpClient client, string slug) => UntilAsync(async () =>
    {
        using var response = await client.PostAsJsonAsync("/api/v1/brands", new { slug, name = "Runbook" }, Cancellation);
        Assert.True(response.StatusCode is HttpStatusCode.Created or HttpStatusCode.ServiceUnavailable or HttpStatusCode.Conflict, $"{slug}: {(int)response.StatusCode}");
        return response.StatusCode is HttpStatusCode.Created or HttpStatusCode.Conflict; // it was stored, and the answer lost
    }, () => $"the brand {slug}");

    private static async Task StateAsync(string folder, string block, Func<State, bool> wanted)
    {
        var said = "";
        await UntilAsync(async () => wanted(JsonSerializer.Deserialize<State>(said = await RunAsync(block, folder), JsonSerializerOptions.Web)!), () => $"another state than {said}");
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, Func<string> expected)
    {
        var begun = Stopwatch.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(700)); // a client may ask 100 times a minute
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromMinutes(1), $"After a minute there should be {expected()}.");
            await tick.WaitForNextTickAsync(Cancellation);
        }
    }

    private static async Task<string> RunAsync(string script, string folder, params (string Name, string Value)[] variables)
    {
        var (code, output) = await ShellAsync(script, folder, variables);
        Assert.True(code == 0, $"{script} ended with {code}: {output}");
        return output;
    }

    private static async Task<(int Code, string Output)> ShellAsync(string script, string folder, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", script]) { WorkingDirectory = s_root, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["Standby__Folder"] = folder;
        foreach (var (name, value) in variables) start.Environment[name] = value;
        using var bash = Process.Start(start)!;
        await bash.StandardInput.WriteLineAsync("y"); // who is asked says yes
        bash.StandardInput.Close();
        var (output, error) = (bash.StandardOutput.ReadToEndAsync(Cancellation), bash.StandardError.ReadToEndAsync(Cancellation));
        await bash.WaitForExitAsync(Cancellation).WaitAsync(TimeSpan.FromMinutes(2), Cancellation);
        return (bash.ExitCode, await output + await error);
    }

    private sealed record State(string Role, bool IsInSync);

    [GeneratedRegex(@"^```sh drill\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)] private static partial Regex Block();
}
