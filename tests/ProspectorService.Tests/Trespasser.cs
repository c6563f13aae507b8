using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Shabou.ProspectorService.Budgets;
using Shabou.ProspectorService.Places;

namespace Shabou.ProspectorService.Tests;

/// <summary>Does all that the architecture forbids, so that its tests show that they would notice.</summary>
internal static class Trespasser
{
    public static string Key(IOptions<PlacesOptions> options) => options.Value.ApiKey!.Reveal();

    public static Uri Host(IOptions<PlacesOptions> options) => options.Value.Endpoint;

    public static string? Configured(IConfiguration configuration) => configuration["Places:ApiKey"];

    public static string? Inherited() => Environment.GetEnvironmentVariable("Places__ApiKey");

    public static string Google() => "https://places.googleapis.com/v1/places:searchText";

    public static string Header() => "X-Goog-Api-Key";

    public static Reservation Forge() => new(Guid.NewGuid(), "sku", default, () => false);

    public static void Attach(HttpRequestMessage request, Reservation reservation) => request.Options.Set(Reservation.OptionsKey, reservation);

    public static void Settle(BudgetLedger ledger) => ledger.ReleaseAsync(Guid.Empty);

    public static Task<string> Get(Uri address)
    {
        using var client = new HttpClient();
        return client.GetStringAsync(address);
    }

    public static HttpClient Take(IHttpClientFactory factory) => factory.CreateClient("PlacesClient");

    public static void Dial() => new System.Net.Sockets.TcpClient().Connect("192.0.2.1", 443);

    public static void Curl() => System.Diagnostics.Process.Start("curl");
}
