using System.Collections.Concurrent;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Shabou.Gateway.Tests.Servers;
using Shabou.Gateway.Transport;

namespace Shabou.Gateway.Tests.Transport;

/// <summary>Renewals that cannot be used: the certificate before stays, and somebody is told why.</summary>
public sealed class CertificateRefusalTests(GatewayFixture fixture) : IDisposable
{
    private readonly GatewayHost _gateway = fixture.Gateway(("Transport:CertificateCheckEvery", "01:00:00")); // the tests say when to look

    public void Dispose() => _gateway.Dispose();

    public static TheoryData<string, string> Faults => new()
    {
        { "half-written", "" },
        { "without a key", "" },
        { "missing", "Could not find file" },
        { "of another key", "does not match the public key" },
        { "expired", "which is not now" },
        { "of next week", "which is not now" },
        { "for clients", "not meant for servers" },
        { "without a certificate", "no certificate in PEM" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_renewal_that_cannot_be_used_leaves_the_last_good_one(string fault, string reason)
    {
        var good = await _gateway.PresentedAsync();
        var certificate = _gateway.Certificate;
        var pair = certificate.Issue();
        Write(fault switch
        {
            "half-written" => pair with { Certificate = pair.Certificate[..200] },
            "without a key" => pair with { Key = "" },
            "of another key" => pair with { Key = certificate.Issue().Key },
            "expired" => certificate.Issue(DateTimeOffset.UtcNow.AddHours(-2), TimeSpan.FromHours(1)),
            "of next week" => certificate.Issue(DateTimeOffset.UtcNow.AddDays(7)),
            "for clients" => certificate.Issue(usage: "1.3.6.1.5.5.7.3.2"),
            "without a certificate" => pair with { Certificate = pair.Key },
            _ => null,
        });
        Look(_gateway, times: 2);
        var entry = await HealthAsync();
        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.Contains(reason, entry.Description, StringComparison.Ordinal);
        Assert.Equal(good, await _gateway.PresentedAsync());

        certificate.Renew(); // and the next good one is taken up, as soon as nobody writes to it any more
        Look(_gateway, times: 1);
        Assert.Equal(good, await _gateway.PresentedAsync());
        Look(_gateway, times: 1);
        Assert.Equal(certificate.Thumbprint, await _gateway.PresentedAsync());
        Assert.Equal(HealthStatus.Healthy, (await HealthAsync()).Status);
    }

    [Fact]
    public void A_refused_renewal_is_one_line_in_the_log_however_long_it_lies_there()
    {
        var log = new LogLines();
        using var gateway = _gateway.WithWebHostBuilder(builder => builder.ConfigureServices(services => services.AddSingleton<ILoggerProvider>(log)));
        gateway.UseKestrel();
        gateway.StartServer();
        File.WriteAllText(_gateway.Certificate.KeyPath, "");
        Look(gateway, times: 10);
        var line = Assert.Single(log.Lines, line => line.Contains("is not used", StringComparison.Ordinal));
        Assert.Contains(_gateway.Certificate.Path, line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Kestrel:Certificates:Default:Path", "/nowhere/gateway.pem", "Kestrel:Certificates:Default:Path '/nowhere/gateway.pem'")]
    [InlineData("Kestrel:Certificates:Default:KeyPath", "/nowhere/gateway.key", ":KeyPath '/nowhere/gateway.key' cannot be used: Could not find")]
    [InlineData("Kestrel:Endpoints:Public:Certificate:Path", "/nowhere/gateway.pem", "Kestrel:Endpoints:Public:Certificate is not supported")]
    [InlineData("Transport:AcmeChallengeFolder", "/nowhere", "Transport:AcmeChallengeFolder names a folder that does not exist")]
    [InlineData("Transport:CertificateCheckEvery", "02:00:00", "Transport:CertificateCheckEvery must be")]
    public void A_gateway_that_could_not_say_who_it_is_does_not_start(string key, string value, string sentence)
    {
        using var gateway = fixture.Gateway((key, value));
        Assert.Contains(sentence, Assert.Throws<OptionsValidationException>(gateway.StartServer).Message, StringComparison.Ordinal);
    }

    private void Write(PemPair? pair)
    {
        if (pair is not null)
        {
            File.WriteAllText(_gateway.Certificate.KeyPath, pair.Key);
            File.WriteAllText(_gateway.Certificate.Path, pair.Certificate);
        }
        else
            File.Delete(_gateway.Certificate.Path);
    }

    private static void Look(WebApplicationFactory<Shabou.Gateway.Resilience.ResilienceOptions> gateway, int times)
    {
        for (var i = 0; i < times; i++)
            gateway.Services.GetRequiredService<ServerCertificate>().Look();
    }

    private async Task<HealthReportEntry> HealthAsync()
    {
        var health = _gateway.Services.GetRequiredService<HealthCheckService>();
        return (await health.CheckHealthAsync(check => check.Name == "certificate", TestContext.Current.CancellationToken)).Entries["certificate"];
    }

    private sealed class LogLines : ILoggerProvider, ILogger
    {
        internal ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
