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

    /// <param name="route">Its id, for the message.</param>
    /// <param name="policy">The limit that it names.</param>
    /// <param name="options">Those that exist.</param>
    /// <exception cref="InvalidOperationException">There is no such limit.</exception>
    internal static void Check(string route, string policy, RateLimitOptions options)
    {
        if (!options.Policies.Keys.Contains(policy, StringComparer.Ordinal))
            throw new InvalidOperationException(
                $"Route '{route}' names the limit '{policy}', which does not exist: set ReverseProxy:Routes:{route}:RateLimiterPolicy to one of {Names(options)}, or add {RateLimitOptions.Section}:Policies:{policy}.");
    }

    private static string Names(RateLimitOptions options) => string.Join(", ", options.Policies.Keys.Order(StringComparer.Ordinal));
}
