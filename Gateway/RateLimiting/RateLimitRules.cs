using Microsoft.Extensions.Options;

namespace Shabou.Gateway.RateLimiting;

/// <summary>What the configuration of limits and the routes that name them are held to.</summary>
internal sealed class RateLimitRules(IConfiguration configuration) : IValidateOptions<RateLimitOptions>
{
    // Where limits were configured before there were more than two; silently ignored, they would open or close the door.
    private static readonly string[] Former = ["Default", "Costly"];

    public ValidateOptionsResult Validate(string? name, RateLimitOptions options)
    {
        var faults = options.Faults().Concat(
            from key in Former
            where configuration.GetSection($"{RateLimitOptions.Section}:{key}").Exists()
            select $"{RateLimitOptions.Section}:{key} is no longer read: limits are under {RateLimitOptions.Section}:Policies ({Names(options)}).").ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    /// <param name="route">Its id, for the sentence.</param>
    /// <param name="policy">The limit that it names.</param>
    /// <param name="options">Those that exist.</param>
    /// <returns>One sentence, or null: there is such a limit.</returns>
    internal static string? FaultIn(string route, string policy, RateLimitOptions options) => options.Policies.Keys.Contains(policy, StringComparer.Ordinal)
        ? null
        : $"Route '{route}' names the limit '{policy}', which does not exist: set ReverseProxy:Routes:{route}:RateLimiterPolicy to one of {Names(options)}, or add {RateLimitOptions.Section}:Policies:{policy}.";

    private static string Names(RateLimitOptions options) => string.Join(", ", options.Policies.Keys.Order(StringComparer.Ordinal));
}
