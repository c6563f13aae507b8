using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace Shabou.LocalHost.Tests;

/// <summary>The host inside a test, through Aspire.Hosting.Testing.</summary>
public sealed class TestingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Commands_stop_and_start_a_service_on_the_same_port_and_nothing_is_left_after_it()
    {
        string folder;
        await using (var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.SampleHost>(["--FrontPort=1"], Token))
        {
            folder = builder.Configuration["LocalHost:DataFolder"]!;
            await using var app = await builder.BuildAsync(Token);
            Assert.Throws<InvalidOperationException>(() => app.GetEndpoint("front"));
            await app.StartAsync(Token);
            await app.ResourceNotifications.WaitForResourceHealthyAsync("front", Token).WaitAsync(TimeSpan.FromSeconds(60), Token);
            var address = app.GetEndpoint("front");
            Assert.NotEqual(1, address.Port); // Random in tests.
            using var client = app.CreateHttpClient("front", "https");
            Assert.Equal("Development", await client.GetStringAsync("/health", Token));

            Assert.True((await app.ResourceCommands.ExecuteCommandAsync("front", KnownResourceCommands.StopCommand, Token)).Success);
            await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync("/health", Token));
            Assert.True((await app.ResourceCommands.ExecuteCommandAsync("front", KnownResourceCommands.StartCommand, Token)).Success);
            await app.ResourceNotifications.WaitForResourceHealthyAsync("front", Token).WaitAsync(TimeSpan.FromSeconds(60), Token);

            Assert.Equal("Development", await client.GetStringAsync("/health", Token));
            Assert.Equal(address, app.GetEndpoint("front"));
        }

        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task A_failure_of_the_host_reaches_the_test_as_an_exception()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.SampleHost>(["--LocalHost:ProgramFolders=/nowhere"], Token);
        await using var app = await builder.BuildAsync(Token);

        var failure = await Assert.ThrowsAnyAsync<DistributedApplicationException>(() => app.StartAsync(Token));

        Assert.Contains("was not found", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Removed_resources_are_not_started()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.SampleHost>(Token);
        foreach (var resource in builder.Resources.Where(r => r.Name != "redis").ToList())
            builder.Resources.Remove(resource);
        await using var app = await builder.BuildAsync(Token);

        await app.StartAsync(Token);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("redis", Token).WaitAsync(TimeSpan.FromSeconds(30), Token);

        Assert.Contains("password=", await app.GetConnectionStringAsync("redis", Token), StringComparison.Ordinal);
    }
}
