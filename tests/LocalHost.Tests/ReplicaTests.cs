using System.Diagnostics;
using System.Globalization;

namespace Shabou.LocalHost.Tests;

public sealed class ReplicaTests(RunningHost host)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connections_go_to_the_replicas_in_turn_and_a_killed_one_is_left_out_until_it_is_started_again()
    {
        using var client = host.ClientOf(await AddressAsync("service-1"));
        var both = await UntilBothAnswerAsync(client);

        var victim = both.First();
        using (var process = Process.GetProcessById(victim))
            process.Kill();
        var gone = await Task.WhenAny(
            Pages.UntilAsync(host.Page, "service-1", r => r.State == "Finished", Token),
            Pages.UntilAsync(host.Page, "service-2", r => r.State == "Finished", Token)).Unwrap();

        Assert.Equal(137, gone.ExitCode);
        Assert.Equal([both.Last()], await AnsweringAsync(client, requests: 4));

        using var started = await Pages.RunAsync(host.Page, gone, "start", Token);
        Assert.True(started.IsSuccessStatusCode);
        await Pages.UntilAsync(host.Page, gone.Label, r => r.Health == "Healthy", Token);
        await UntilBothAnswerAsync(client);
    }

    [Fact]
    public async Task A_service_reaches_another_over_https_with_the_development_certificate()
    {
        using var client = host.ClientOf(await AddressAsync("front"));
        Assert.NotEqual(0, int.Parse(await client.GetStringAsync("/through", Token), CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task A_service_gets_its_environment_from_its_launch_profile_and_not_from_the_host()
    {
        using var client = host.ClientOf(await AddressAsync("front"));
        Assert.Equal("Development", await client.GetStringAsync("/health", Token));
        Assert.Equal("front", (await client.GetStringAsync("/variables/OTEL_SERVICE_NAME", Token)).Trim('"'));
    }

    private async Task<Uri> AddressAsync(string label) =>
        new((await Pages.ResourcesAsync(host.Page, Token)).Single(r => r.Label == label).Urls.Single().Url);

    /// <summary>The health of the shared port says nothing about each replica, so ask until the second answers too.</summary>
    private static async Task<SortedSet<int>> UntilBothAnswerAsync(HttpClient client)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            limit.Token.ThrowIfCancellationRequested();
            if (await AnsweringAsync(client, requests: 4) is { Count: 2 } both)
                return both;
        }
    }

    private static async Task<SortedSet<int>> AnsweringAsync(HttpClient client, int requests)
    {
        SortedSet<int> processes = [];
        for (var i = 0; i < requests; i++)
            processes.Add(int.Parse(await client.GetStringAsync("/process", Token), CultureInfo.InvariantCulture));
        return processes;
    }
}
