using Microsoft.Extensions.Options;

namespace Shabou.Gateway.RateLimiting;

/// <summary>How often one account may be tried, wherever the tries come from: many networks together may not do what one may not.</summary>
internal sealed class AccountLimits(SharedCounter counter, IOptions<RateLimitOptions> options, IProblemDetailsService problems)
{
    /// <summary>The name under which answers announce it.</summary>
    internal const string Announced = "login-account";

    /// <summary>For an endpoint that signs somebody in, once it knows whom: before it compares any secret.</summary>
    /// <param name="http">Gets the headers that say where the account stands, and the refusal.</param>
    /// <param name="account">Its stable id. Of an account that does not exist, what was sent: it must cost the same.</param>
    /// <returns>False when the account was tried too often; 429 has then been answered.</returns>
    internal async ValueTask<bool> AllowsAsync(HttpContext http, string account)
    {
        var policy = options.Value.Of(RateLimits.Login);
        if (policy.PerAccount is null)
            return true;
        var lease = new LimitLease(await CountAsync(RateLimits.Login, account, policy), policy.WithoutRedis);
        lease.Announce(http.Response.Headers);
        if (!lease.IsAcquired)
            await lease.RefuseAsync(problems, http);
        return lease.IsAcquired;
    }

    internal async ValueTask<Standing> CountAsync(string name, string account, LimitPolicy policy) =>
        await counter.CountAsync(name, $"account:{account}", policy.AccountQuota!.Value) with { Policy = Announced };
}
