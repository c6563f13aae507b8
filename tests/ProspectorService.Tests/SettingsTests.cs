using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Shabou.ProspectorService.Budgets;
using Shabou.ProspectorService.Leads;
using Shabou.ProspectorService.Places;

namespace Shabou.ProspectorService.Tests;

public sealed class SettingsTests
{
    [Theory]
    [InlineData("Prospector:PlacesBudget:CallsPerDay", "301", "CallsPerDay")]
    [InlineData("Prospector:PlacesBudget:CallsPerMonth", "9501", "CallsPerMonth")]
    [InlineData("Prospector:PlacesBudget:CallsPerMonth", "100", "CallsPerDay must not exceed")]
    [InlineData("Prospector:PlacesBudget:Prices:text-search-enterprise:MicrosPerCall", null, "Prices:text-search-enterprise is missing")]
    [InlineData("Prospector:Leads:GoogleContentTtl", "31.00:00:00", "GoogleContentTtl")]
    [InlineData("Places:ApiKey", "", "Places:ApiKey is not set")]
    [InlineData("Places:Endpoint", "http://places.example", "Places:Endpoint must be https")]
    [InlineData("Places:Endpoint", "https+http://places.example", "Places:Endpoint must be https")]
    public async Task Settings_that_would_overspend_or_leak_the_key_refuse_to_start(string key, string? value, string says)
    {
        using var host = Build(key, value);
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://places.googleapis.com")]
    [InlineData("https+http://places")]
    [InlineData("http://127.0.0.1:5090")]
    public void Endpoints_that_keep_the_key_safe_are_taken(string endpoint)
    {
        using var host = Build("Places:Endpoint", endpoint);
        Assert.Equal(new Uri(endpoint), host.Services.GetRequiredService<IOptions<PlacesOptions>>().Value.Endpoint);
    }

    private static IHost Build(string key, string? value)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Places:ApiKey"] = "a-key",
            ["Prospector:PlacesBudget:Prices:text-search-enterprise:MicrosPerCall"] = "35000",
        };
        if (value is null) settings.Remove(key);
        else settings[key] = value;
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Services.AddLogging();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddPlacesBudget();
        builder.AddPlaces();
        builder.AddLeads();
        return builder.Build();
    }
}
