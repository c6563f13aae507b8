using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using Shabou.Gateway.Identity;
using Shabou.Gateway.Identity.Tokens;

namespace Shabou.Gateway.RateLimiting;

/// <summary>Counts every request against its client's quota and tells the client in the answer's headers where it stands.</summary>
internal sealed class ClientRateLimiter(SharedCounter counter, GuessLimit guesses, AccountLimits accounts, IOptions<RateLimitOptions> options)
    : PartitionedRateLimiter<HttpContext>
{
    public override RateLimiterStatistics? GetStatistics(HttpContext resource) => null;

    /// <summary>Counting takes a round trip, so ASP.NET Core's first, synchronous question is always answered with "wait".</summary>
    protected override RateLimitLease AttemptAcquireCore(HttpContext resource, int permitCount) => LimitLease.Undecided;

    protected override async ValueTask<RateLimitLease> AcquireAsyncCore(HttpContext resource, int permitCount, CancellationToken cancellationToken)
    {
        if (AnonymousEndpoints.Paths.Contains(resource.Request.Path.Value ?? ""))
            return LimitLease.Unlimited;
        var name = resource.GetEndpoint()?.Metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName
            ?? (resource.Request.Path.StartsWithSegments(RateLimits.LoginPath, StringComparison.OrdinalIgnoreCase) ? RateLimits.Login : RateLimits.PerClient);
        if (name != RateLimits.Login && await HasFailedAsync(resource))
            return Announced(await guesses.StandingAsync(resource, cancellationToken), RateLimits.Guessing);
        var policy = options.Value.Of(name);
        var client = policy.Per == LimitSubject.Network ? ClientSubject.OfNetwork(resource) : ClientSubject.Of(resource);
        var lease = Announced(await counter.CountAsync(name, client, policy.Quota, cancellationToken), name);
        return lease.IsAcquired && policy.PerAccount is not null && ClientSubject.IdOf(resource) is { } account
            ? Announced(await accounts.CountAsync(name, account, policy, cancellationToken), name)
            : lease;

        LimitLease Announced(Standing standing, string of)
        {
            var lease = new LimitLease(standing, options.Value.Of(of).WithoutRedis);
            lease.Announce(resource.Response.Headers);
            return lease;
        }
    }

    // The second question is answered from memory. When nobody could say whether the credential is valid, the caller has not guessed.
    private static async ValueTask<bool> HasFailedAsync(HttpContext http) =>
        http.User.Identity is not { IsAuthenticated: true } && (await http.AuthenticateAsync()).Failure is { } failure and not (ApiKeysUnavailableException or KeysUnavailableException);
}
