using Microsoft.Extensions.Options;
using Shabou.Schema.SecretAges;

namespace Shabou.ProspectorService.Places;

internal static class PlacesSetup
{
    /// <summary>Registers the one client that reaches Google Places.</summary>
    public static void AddPlaces(this IHostApplicationBuilder builder)
    {
        builder.Services.AddWatchedSecret("places-key", $"{PlacesOptions.Section}:{nameof(PlacesOptions.ApiKey)}");
        builder.Services.AddOptions<PlacesOptions>()
            .BindConfiguration(PlacesOptions.Section)
            .ValidateDataAnnotations()
            .Validate(o => o.IsSafe(), $"{PlacesOptions.Section}:Endpoint must be https, or http on this machine: the key must not be read on its way.")
            .ValidateOnStart();
        builder.Services.AddTransient<ReservationHandler>();
        builder.Services.AddHttpClient<PlacesClient>()
            .ConfigureHttpClient((services, client) =>
            {
                var options = services.GetRequiredService<IOptions<PlacesOptions>>().Value;
                client.BaseAddress = options.Endpoint;
                client.MaxResponseContentBufferSize = options.LargestAnswerBytes;
            })
            // Primary, not additional: whatever handlers are added, now or later, lie outside of it.
            .ConfigurePrimaryHttpMessageHandler(services =>
            {
                var guard = services.GetRequiredService<ReservationHandler>();
                // A redirect would be a second call, and would carry the key elsewhere.
                guard.InnerHandler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
                return guard;
            });
    }
}
