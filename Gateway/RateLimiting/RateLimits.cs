using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using Shabou.SharedRedis;

namespace Shabou.Gateway.RateLimiting;

/// <summary>Limits per client, counted in Redis so that all gateways share one count. A route names one of the policies.</summary>
internal static class RateLimits
{
    /// <summary>The usual quota; without Redis a local limiter takes over. YARP reserves this name for what limits every request.</summary>
    internal const string PerClient = "default";

    /// <summary>For requests that start a training; without Redis they are refused.</summary>
    internal const string Training = "training";

    /// <summary>For requests that start a sweep, which costs money; without Redis they are refused.</summary>
    internal const string Prospecting = "prospecting";

    /// <summary>For everything under <see cref="LoginPath"/>, per network and per account. See <see cref="AccountLimits"/>.</summary>
    internal const string Login = "login";

    /// <summary>For new tokens of people who are signed in, per network: an office of many is behind one address.</summary>
    internal const string Refresh = "refresh";

    /// <summary>For requests with a credential that is not valid. No route names it: a request comes under it by failing.</summary>
    internal const string Guessing = "guessing";

    internal const string LoginPath = "/api/v1/auth";

    internal static void AddRateLimits(this WebApplicationBuilder builder)
    {
        builder.AddSharedRedis();
        builder.Services.AddOptions<RateLimitOptions>().BindConfiguration(RateLimitOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<RateLimitOptions>, RateLimitRules>();
        builder.Services.AddSingleton<RedisCounter>();
        builder.Services.AddHostedService(services => services.GetRequiredService<RedisCounter>());
        builder.Services.AddSingleton<LocalCounter>();
        builder.Services.AddSingleton<SharedCounter>();
        builder.Services.AddSingleton<AccountLimits>();
        builder.Services.AddSingleton<GuessLimit>();
        builder.Services.AddOptions<RateLimiterOptions>().Configure<IOptions<RateLimitOptions>>(Name);
    }

    internal static void UseRateLimits(this IApplicationBuilder app) => app.UseMiddleware<ClientLimits>();

    /// <summary>Routes may name what ASP.NET Core knows by name. Its own middleware, which would count each request of a name on its own, is not used.</summary>
    private static void Name(RateLimiterOptions options, IOptions<RateLimitOptions> limits)
    {
        foreach (var name in limits.Value.Policies.Keys.Where(name => name != PerClient))
            options.AddPolicy(name, _ => RateLimitPartition.GetNoLimiter(name));
    }
}
