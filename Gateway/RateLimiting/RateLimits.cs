using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Shabou.Gateway.Problems;
using Shabou.SharedRedis;

namespace Shabou.Gateway.RateLimiting;

/// <summary>Limits per client, counted in Redis so that all gateways share one count. A route names one of the two policies.</summary>
internal static class RateLimits
{
    /// <summary>The usual quota; without Redis a local limiter takes over. YARP reserves this name for what limits every request.</summary>
    internal const string PerClient = "default";

    /// <summary>For requests that start expensive work; without Redis they are refused.</summary>
    internal const string Costly = "costly";

    internal static void AddRateLimits(this WebApplicationBuilder builder)
    {
        builder.AddSharedRedis();
        builder.Services.AddOptions<RateLimitOptions>().BindConfiguration(RateLimitOptions.Section)
            .Validate(o => o.Default.IsSane && o.Costly.IsSane, "RateLimits:{Default,Costly}:Requests must be from 1 to 100,000 and :Window from 1 s to 1 day.")
            .Validate(o => o.Replicas is >= 1 and <= 100, "RateLimits:Replicas must be from 1 to 100.")
            .Validate(o => o.RedisTimeout > TimeSpan.Zero && o.RedisTimeout <= TimeSpan.FromSeconds(5), "RateLimits:RedisTimeout must be above 0 and at most 5 s.")
            .Validate(o => o.ProbeEvery >= TimeSpan.FromMilliseconds(50) && o.ProbeEvery <= TimeSpan.FromMinutes(1), "RateLimits:ProbeEvery must be from 50 ms to 1 minute.")
            .ValidateOnStart();
        builder.Services.AddSingleton<RedisCounter>();
        builder.Services.AddHostedService(services => services.GetRequiredService<RedisCounter>());
        builder.Services.AddSingleton<LocalCounter>();
        builder.Services.AddSingleton<ClientRateLimiter>();
        builder.Services.AddRateLimiter(_ => { });
        builder.Services.AddOptions<RateLimiterOptions>().Configure<ClientRateLimiter>(Limit);
    }

    private static void Limit(RateLimiterOptions options, ClientRateLimiter limiter)
    {
        options.GlobalLimiter = limiter; // it alone sees the request, so it counts for every policy; routes only name theirs
        options.AddPolicy(Costly, static _ => RateLimitPartition.GetNoLimiter(Costly));
        options.OnRejected = static async (rejected, _) =>
        {
            var problems = rejected.HttpContext.RequestServices.GetRequiredService<IProblemDetailsService>();
            await ((LimitLease)rejected.Lease).RefuseAsync(problems, rejected.HttpContext);
        };
    }
}
