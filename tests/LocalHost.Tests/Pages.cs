using System.Net.Http.Json;

namespace Shabou.LocalHost.Tests;

/// <summary>What the page's JSON says of one replica.</summary>
internal sealed record ResourceOnPage(
    string Id, string Name, string Label, string State, string? Health, int? ExitCode, IReadOnlyList<LinkOnPage> Urls,
    IReadOnlyList<VariableOnPage> Environment, IReadOnlyList<CommandOnPage> Commands);

internal sealed record LinkOnPage(string Url, string Text);

internal sealed record VariableOnPage(string Name, string? Value);

internal sealed record CommandOnPage(string Name, string? Confirmation, bool IsEnabled);

/// <summary>Reads the local page as a script would.</summary>
internal static class Pages
{
    public static async Task<IReadOnlyList<ResourceOnPage>> ResourcesAsync(HttpClient page, CancellationToken cancellationToken) =>
        await page.GetFromJsonAsync<List<ResourceOnPage>>("api/resources", cancellationToken) ?? [];

    /// <summary>Asks until the replica is as wanted, at most 30 s.</summary>
    public static async Task<ResourceOnPage> UntilAsync(
        HttpClient page, string label, Func<ResourceOnPage, bool> isWanted, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            var resource = (await ResourcesAsync(page, limit.Token)).Single(r => r.Label == label);
            if (isWanted(resource))
                return resource;
            await Task.Delay(50, limit.Token);
        }
    }

    public static async Task<HttpResponseMessage> RunAsync(HttpClient page, ResourceOnPage resource, string command, CancellationToken cancellationToken) =>
        await page.PostAsync(new Uri($"api/resources/{resource.Id}/commands/{command}", UriKind.Relative), null, cancellationToken);
}
