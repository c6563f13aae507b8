using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Shabou.LocalHost.Tests;

public sealed class LocalPageTests(RunningHost host)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/")]
    [InlineData("/api/resources")]
    [InlineData("/?token=wrong")]
    public async Task Nothing_is_shown_without_the_token(string path)
    {
        using var stranger = new HttpClient { BaseAddress = host.Page.BaseAddress };
        using var answer = await stranger.GetAsync(new Uri(path, UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task A_command_needs_the_token_itself_and_not_only_the_cookie()
    {
        var front = (await Pages.ResourcesAsync(host.Page, Token)).Single(r => r.Label == "front");
        using var opened = await host.Page.GetAsync(new Uri("/", UriKind.Relative), Token);
        using var browser = new HttpClient { BaseAddress = host.Page.BaseAddress };
        browser.DefaultRequestHeaders.Add("Cookie", opened.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);

        Assert.NotEmpty(await Pages.ResourcesAsync(browser, Token));
        using var refused = await Pages.RunAsync(browser, front, "greet", Token);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task Every_replica_is_listed_with_its_state_and_addresses()
    {
        var resources = await Pages.ResourcesAsync(host.Page, Token);

        var processes = resources.Where(r => r.Name is not "key").ToDictionary(r => r.Label);
        Assert.Equal(["front", "postgres", "redis", "service-1", "service-2", "store"], processes.Keys.Order());
        Assert.All(processes.Values, r => Assert.Equal(("Running", "Healthy"), (r.State, r.Health)));
        Assert.StartsWith("https://localhost:", processes["front"].Urls.Single().Url, StringComparison.Ordinal);
        Assert.Equal(processes["service-1"].Urls, processes["service-2"].Urls);
    }

    [Fact]
    public async Task Secrets_are_masked_in_the_environment_and_in_the_log()
    {
        var secrets = JsonSerializer.Deserialize<Dictionary<string, string>>(await File.ReadAllTextAsync(host.Folder.Secrets, Token))!;
        var service = (await Pages.ResourcesAsync(host.Page, Token)).Single(r => r.Label == "service-1");

        var shown = await host.Page.GetStringAsync("api/resources", Token)
            + await host.Page.GetStringAsync($"api/resources/{service.Id}/logs", Token);

        Assert.All(secrets.Values, secret => Assert.DoesNotContain(secret, JsonNode.Parse($"[{JsonSerializer.Serialize(shown)}]")![0]!.GetValue<string>(), StringComparison.Ordinal));
        Assert.Contains("Password=••••••", service.Environment.Single(v => v.Name == "ConnectionStrings__store").Value, StringComparison.Ordinal);
        Assert.Equal("••••••", service.Environment.Single(v => v.Name == "Key").Value);
    }

    [Fact]
    public async Task A_command_of_the_model_is_offered_with_its_question_and_runs()
    {
        var front = (await Pages.ResourcesAsync(host.Page, Token)).Single(r => r.Label == "front");
        Assert.Equal("Really greet?", front.Commands.Single(c => c.Name == "greet").Confirmation);

        using var answer = await Pages.RunAsync(host.Page, front, "greet", Token);

        Assert.Equal("hello", (await answer.Content.ReadFromJsonAsync<JsonObject>(Token))!["message"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_page_says_that_it_is_not_the_dashboard()
    {
        Assert.Contains("not the Aspire dashboard", await host.Page.GetStringAsync("/", Token), StringComparison.Ordinal);
    }
}
