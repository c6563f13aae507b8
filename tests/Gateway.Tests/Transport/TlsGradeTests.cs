using System.Diagnostics;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.Transport;

/// <summary>What a stranger's scanner says. It takes minutes; TlsTests say the same of the essentials in a second.</summary>
public sealed class TlsGradeTests(GatewayFixture fixture)
{
    private const int NotInstalled = 77;

    [Fact]
    [Trait("Category", "Faults")]
    public async Task Testssl_gives_an_A_plus()
    {
        using var gateway = fixture.Gateway();
        gateway.Certificate.Renew(gateway.Certificate.Issue(validFor: TimeSpan.FromDays(90))); // one that expires today would be marked down
        var start = new ProcessStartInfo("bash", [Path.Combine(AppContext.BaseDirectory, "tls-grade"), $"https://localhost:{gateway.Https.Port}", gateway.Certificate.AuthorityPath])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var said = string.Concat(await Task.WhenAll(
            process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.SkipWhen(process.ExitCode == NotInstalled, said);
        Assert.True(process.ExitCode == 0, said);
        TestContext.Current.TestOutputHelper?.WriteLine(said);
    }
}
