using System.ComponentModel;
using System.Diagnostics;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.Transport;

/// <summary>A client that comes back does not pay for a whole handshake again, and nor do we.</summary>
public sealed class ResumedSessionTests(GatewayFixture fixture) : IDisposable
{
    private readonly GatewayHost _gateway = fixture.Gateway();
    private readonly string _session = Path.GetTempFileName();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _gateway.Dispose();
        File.Delete(_session);
    }

    [Fact]
    public async Task A_client_of_TLS_1_3_resumes_its_session()
    {
        Assert.Contains("New, TLSv1.3", await ConnectAsync("-sess_out", _session), StringComparison.Ordinal);
        Assert.Contains("Reused, TLSv1.3", await ConnectAsync("-sess_in", _session), StringComparison.Ordinal);
    }

    private async Task<string> ConnectAsync(params string[] session)
    {
        var start = new ProcessStartInfo("openssl", ["s_client", "-connect", _gateway.Https.Authority, "-servername", "localhost", "-ign_eof", .. session])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Start(start);
        await process.StandardInput.WriteAsync("GET /alive HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".AsMemory(), Cancelled);
        process.StandardInput.Close();
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(Cancelled), process.StandardError.ReadToEndAsync(Cancelled));
        await process.WaitForExitAsync(Cancelled);
        return said[0];
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            Assert.Skip("openssl is not installed, and .NET does not tell whether a session was resumed.");
            throw;
        }
    }
}
