using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;

namespace Shabou.EndToEnd.Tests;

public sealed class LostServiceTests(ShabouApp app)
{
    [Fact]
    public async Task When_the_catalog_is_away_the_others_serve_and_it_comes_back()
    {
        using var client = await app.NewClientAsync();
        var cancellation = TestContext.Current.CancellationToken;
        await RunAsync(KnownResourceCommands.StopCommand);
        try
        {
            await app.App.ResourceNotifications.WaitForResourceAsync("catalog", KnownResourceStates.TerminalStates, cancellation).WaitAsync(TimeSpan.FromSeconds(30), cancellation);
            using var lost = await client.GetAsync("/api/v1/products", cancellation);
            var problem = await lost.Content.ReadFromJsonAsync<JsonElement>(cancellation);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, lost.StatusCode);
            Assert.Equal("/problems/service-unavailable", problem.GetProperty("type").GetString());
            Assert.False(string.IsNullOrEmpty(problem.GetProperty("requestId").GetString()));

            using var other = await client.GetAsync("/api/v1/budget", cancellation);
            Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        }
        finally
        {
            await RunAsync(KnownResourceCommands.StartCommand);
        }
        await app.WaitUntilHealthyAsync("catalog");
        using var back = await client.GetAsync("/api/v1/products?size=1", cancellation);
        Assert.Equal(HttpStatusCode.OK, back.StatusCode);
    }

    private async Task RunAsync(string command)
    {
        var result = await app.App.ResourceCommands.ExecuteCommandAsync("catalog", command, TestContext.Current.CancellationToken);
        Assert.True(result.Success, result.Message);
    }
}
