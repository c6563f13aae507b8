using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace Shabou.ProspectorService.Tests;

/// <summary>The real simulator on a free port, for calls that really leave the service.</summary>
internal sealed class SimulatorServer : WebApplicationFactory<PlacesSimulator.Access.PlacesOptions>
{
    public const string Key = "a-places-key-for-tests";

    public SimulatorServer()
    {
        UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0)); // by options: UseKestrel(port) sets the address in a race with the start
        StartServer();
        Caller = CreateClient();
        Caller.DefaultRequestHeaders.Add("X-Goog-Api-Key", Key);
    }

    public HttpClient Caller { get; }

    public string Address => Caller.BaseAddress!.ToString();

    /// <summary>Calls that arrived, whatever came of them.</summary>
    public async Task<int> TotalAsync() => (await CountsAsync()).GetProperty("total").GetInt32();

    /// <summary>Searches that were answered with places.</summary>
    public async Task<int> PagesAsync() =>
        (await CountsAsync()).GetProperty("byMethod").TryGetProperty("SearchText", out var statuses) && statuses.TryGetProperty("200", out var count) ? count.GetInt32() : 0;

    public async Task FaultAsync(string answer, int count = 1) =>
        (await Caller.PostAsJsonAsync("/simulator/faults", new { answer, count }, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();

    /// <summary>The next answer is right and late.</summary>
    public async Task SlowAsync(TimeSpan by) =>
        (await Caller.PostAsJsonAsync("/simulator/faults", new { answer = "slow", count = 1, milliseconds = (int)by.TotalMilliseconds }, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();

    /// <summary>Every answer from now on is right and late; zero percent switches it off.</summary>
    public async Task AllSlowAsync(TimeSpan by, int percent = 100) =>
        (await Caller.PostAsJsonAsync("/simulator/faults", new { answer = "slow", percent, milliseconds = (int)by.TotalMilliseconds }, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();

    /// <summary>How many of the next calls will meet a fault.</summary>
    public async Task<int> FaultsWaitingAsync() =>
        (await Caller.GetFromJsonAsync<JsonElement>("/simulator/faults", TestContext.Current.CancellationToken)).GetProperty("waiting").GetInt32();

    /// <summary>Every call in order.</summary>
    public async Task<List<SeenCall>> LogAsync()
    {
        var log = await Caller.GetFromJsonAsync<JsonElement>("/simulator/calls/log?size=10000", TestContext.Current.CancellationToken);
        return [.. log.GetProperty("items").EnumerateArray().Select(call => call.Deserialize<SeenCall>(JsonSerializerOptions.Web)!)];
    }

    /// <summary>From now on every business comes twice, the second time under another id.</summary>
    public async Task SecondIdsAsync() =>
        (await Caller.PostAsJsonAsync("/simulator/faults", new { answer = "secondId", percent = 100 }, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Development");
        builder.UseSetting("Places:ApiKey", Key);
    }

    private Task<JsonElement> CountsAsync() => Caller.GetFromJsonAsync<JsonElement>("/simulator/calls", TestContext.Current.CancellationToken);
}

/// <summary>A call as the simulator saw it.</summary>
/// <param name="Subject">The text searched for; null when it never came to be read.</param>
/// <param name="Offset">How many results came before its page.</param>
/// <param name="Status">Null when there was no answer.</param>
internal sealed record SeenCall(string? Subject, int? Offset, int? Status);
