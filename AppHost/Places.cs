using System.Globalization;

namespace Shabou.AppHost;

/// <summary>Google Places, or the simulator that plays it as long as no Google key is configured (Parameters:google-places-key).</summary>
internal static class Places
{
    /// <summary>Gives the prospector its Places endpoint and key.</summary>
    /// <param name="prospector">The service that calls Places.</param>
    /// <param name="simulatorKey">The key between the prospector and the simulator.</param>
    /// <param name="asService">Adds what every service has; applied to the simulator when it is needed.</param>
    public static IResourceBuilder<ProjectResource> WithPlaces(
        this IResourceBuilder<ProjectResource> prospector, IResourceBuilder<ParameterResource> simulatorKey,
        Func<IResourceBuilder<ProjectResource>, IResourceBuilder<ProjectResource>> asService)
    {
        var builder = prospector.ApplicationBuilder;
        if (!string.IsNullOrEmpty(builder.Configuration["Parameters:google-places-key"] ?? builder.Configuration["Parameters:google_places_key"]))
        {
            return prospector
                .WithEnvironment("Places__ApiKey", builder.AddParameter("google-places-key", secret: true))
                .WithEnvironment("Places__Endpoint", "https://places.googleapis.com");
        }

        // It has no database to wait for, and counts the calls it receives: several would each count their own.
        var simulator = asService(builder.AddProject<Projects.PlacesSimulator>("places"))
            .WithEnvironment("Places__ApiKey", simulatorKey);
        return prospector
            .WithReference(simulator)
            // It bills nothing, so what it costs was read today.
            .WithEnvironment("Prospector__PlacesBudget__Prices__text-search-enterprise__ReadOn", DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))
            .WithEnvironment("Places__ApiKey", simulatorKey)
            .WithEnvironment("Places__Endpoint", "https+http://places");
    }
}
