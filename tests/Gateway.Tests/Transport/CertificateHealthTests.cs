using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Shabou.Gateway.Tests.Servers;
using Shabou.Gateway.Transport;

namespace Shabou.Gateway.Tests.Transport;

/// <summary>When somebody is told that the certificate runs out.</summary>
public sealed class CertificateHealthTests(GatewayFixture fixture) : IDisposable
{
    private readonly GatewayHost _gateway = fixture.Gateway();

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData(90, 22, HealthStatus.Healthy)]
    [InlineData(90, 20, HealthStatus.Degraded)]
    [InlineData(90, -0.1, HealthStatus.Unhealthy)]
    [InlineData(6, 2, HealthStatus.Healthy)]
    [InlineData(6, 1, HealthStatus.Degraded)]
    public async Task The_check_complains_while_there_is_still_time(double days, double left, HealthStatus expected)
    {
        var start = DateTimeOffset.UtcNow.AddHours(-1);
        _gateway.Certificate.Renew(_gateway.Certificate.Issue(start, TimeSpan.FromDays(days)));
        _gateway.StartServer();
        var check = new CertificateHealth(_gateway.Services.GetRequiredService<ServerCertificate>(), new At(start.AddDays(days - left)));
        var result = await check.CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken);
        Assert.Equal(expected, result.Status);
        Assert.Contains(start.AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), result.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void The_seconds_until_it_expires_are_measured()
    {
        _gateway.StartServer();
        var seconds = new List<double>();
        var scope = _gateway.Services.GetRequiredService<IMeterFactory>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Name == "shabou.gateway.certificate_expires" && instrument.Meter.Scope == scope)
                {
                    Assert.Equal("s", instrument.Unit);
                    l.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => seconds.Add(value));
        listener.Start();
        listener.RecordObservableInstruments();
        Assert.InRange(Assert.Single(seconds), TimeSpan.FromHours(11).TotalSeconds, TimeSpan.FromHours(12).TotalSeconds);
    }

    private sealed class At(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
