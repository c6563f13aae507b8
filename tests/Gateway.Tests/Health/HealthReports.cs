using System.Net.Http.Json;
using System.Text.Json;

namespace Shabou.Gateway.Tests.Health;

internal static class HealthReports
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Asks for the report until its checks, by name, are as wanted.</summary>
    internal static async Task<Dictionary<string, JsonElement>> ReportAsync(this HttpClient client, Func<Dictionary<string, JsonElement>, bool> wanted)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        Dictionary<string, JsonElement> checks;
        do
        {
            var report = await client.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/health", UriKind.Relative), limit.Token);
            checks = report.GetProperty("checks").EnumerateArray().ToDictionary(check => check.GetProperty("name").GetString()!, StringComparer.Ordinal);
        }
        while (!wanted(checks) && await timer.WaitForNextTickAsync(limit.Token));
        return checks;
    }
}
