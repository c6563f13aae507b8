namespace Shabou.PlacesSimulator.Access;

internal static class AccessSetup
{
    /// <summary>Reads the key and the quotas; without a key the simulator does not start.</summary>
    public static void AddAccess(this IHostApplicationBuilder builder) =>
        builder.Services.AddOptions<PlacesOptions>().BindConfiguration(PlacesOptions.Section).ValidateDataAnnotations().ValidateOnStart();
}
