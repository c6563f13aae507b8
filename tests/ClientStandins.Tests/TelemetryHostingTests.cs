using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Trace;

namespace Shabou.ClientStandins.Tests;

public sealed class TelemetryHostingTests
{
    [Fact]
    public async Task Providers_listen_from_the_start_of_the_host_before_other_hosted_services()
    {
        using var source = new ActivitySource("tested.source");
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        var listened = false;
        builder.Services.AddHostedService(_ => new OnStart(() => listened = source.HasListeners()));
        builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource("tested.source"));
        builder.Services.AddOpenTelemetry(); // again, as two libraries would
        using var host = builder.Build();
        Assert.False(source.HasListeners());
        await host.StartAsync(TestContext.Current.CancellationToken);
        Assert.True(listened);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    private sealed class OnStart(Action action) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            action();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
