using System.Diagnostics;
using System.Text.RegularExpressions;
using Aspire.Hosting.Testing;

namespace Shabou.EndToEnd.Tests;

public sealed partial class ReadmeTests(ShabouApp app)
{
    [Fact]
    public async Task The_commands_of_the_README_run()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(Projects.AppHost.ProjectPath, "../README.md"), TestContext.Current.CancellationToken);
        var script = string.Join('\n', BashBlock().Matches(readme).Select(m => m.Groups[1].Value));
        Assert.Contains("curl", script, StringComparison.Ordinal);

        var start = new ProcessStartInfo("bash", ["-c", "set -euo pipefail\n" + script]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["SHABOU"] = app.App.GetEndpoint("gateway", "https").ToString().TrimEnd('/');
        start.Environment["KEY"] = await app.NewKeyAsync();
        start.Environment["CA"] = await app.AuthorityFileAsync();
        using var bash = Process.Start(start)!;
        var output = bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = await bash.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await bash.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(bash.ExitCode == 0, errors + await output);
        Assert.Contains("PLV-RNCL4", await output, StringComparison.Ordinal);
        Assert.Contains("location: /api/v1/jobs/", await output, StringComparison.OrdinalIgnoreCase);
    }

    [GeneratedRegex("```bash\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex BashBlock();
}
