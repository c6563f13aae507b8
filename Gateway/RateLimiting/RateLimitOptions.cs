using System.Buffers;

namespace Shabou.Gateway.RateLimiting;

/// <summary>How much each client may ask for.</summary>
public sealed class RateLimitOptions
{
    public const string Section = "RateLimits";

    private static readonly SearchValues<char> InNames = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>The limits by name. A route names one of them; those that are here by default can be changed and others added.</summary>
    public Dictionary<string, LimitPolicy> Policies { get; } = new(StringComparer.OrdinalIgnoreCase)
    {
        [RateLimits.PerClient] = new() { Requests = 100 },
        [RateLimits.Training] = new() { Requests = 20, WithoutRedis = WithoutRedis.Refuse },
        [RateLimits.Prospecting] = new() { Requests = 20, WithoutRedis = WithoutRedis.Refuse },
        [RateLimits.Login] = new() { Requests = 10, Per = LimitSubject.Network, PerAccount = 5 },
        [RateLimits.Refresh] = new() { Requests = 60, Per = LimitSubject.Network },
        [RateLimits.Guessing] = new() { Requests = 10, Per = LimitSubject.Network },
    };

    /// <summary>Gateways that share the quotas. While Redis is away, each grants its part alone. Default 1.</summary>
    public int Replicas { get; set; } = 1;

    /// <summary>Redis gets this long to count a request; then it is taken to be away. Default 250 ms.</summary>
    public TimeSpan RedisTimeout { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>While Redis is away, it is asked this often whether it is back. Default 1 s.</summary>
    public TimeSpan ProbeEvery { get; set; } = TimeSpan.FromSeconds(1);

    internal LimitPolicy Of(string policy) => Policies.GetValueOrDefault(policy) ?? Policies[RateLimits.PerClient];

    /// <summary>Every fault, each with its key and the remedy; empty when all is well.</summary>
    internal IEnumerable<string> Faults()
    {
        foreach (var (name, policy) in Policies)
        {
            var key = $"{Section}:Policies:{name}";
            if (name.Length > 32 || name.AsSpan().ContainsAnyExcept(InNames))
                yield return $"{key}: the name of a limit is at most 32 of a-z, 0-9 and '-', as it stands in answers.";
            if (!policy.Quota.IsSane)
                yield return $"{key}:Requests must be from 1 to 100,000 and {key}:Window from 1 s to 1 day.";
            if (policy.PerAccount is < 1 or > 100_000)
                yield return $"{key}:PerAccount must be from 1 to 100,000, or left out.";
        }
        if (Replicas is < 1 or > 100)
            yield return $"{Section}:Replicas must be from 1 to 100.";
        if (RedisTimeout <= TimeSpan.Zero || RedisTimeout > TimeSpan.FromSeconds(5))
            yield return $"{Section}:RedisTimeout must be above 0 and at most 5 s.";
        if (ProbeEvery < TimeSpan.FromMilliseconds(50) || ProbeEvery > TimeSpan.FromMinutes(1))
            yield return $"{Section}:ProbeEvery must be from 50 ms to 1 minute.";
    }
}
