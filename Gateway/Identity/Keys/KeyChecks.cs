using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Shabou.Gateway.Identity.Tokens;

namespace Shabou.Gateway.Identity.Keys;

/// <summary>Ready once the ring was read: from then on memory carries it. A wrong master key is said here.</summary>
internal sealed class KeysReady(SigningKeys keys) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        keys.Current is not null ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy(keys.Trouble ?? "The signing keys were not read yet."));
}

/// <summary>How old the key is that signs. It tells people to act and takes no gateway out of service: an old key is better than none.</summary>
internal sealed class SigningKeyAge(SigningKeys keys, IOptions<TokenOptions> options) : IHealthCheck
{
    internal const string Name = "signing-key";
    private const double Warning = 0.8;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(Judge());

    private HealthCheckResult Judge()
    {
        var limit = options.Value.RotateWithin;
        if (keys.Age is not { } age)
            return HealthCheckResult.Unhealthy(keys.Trouble ?? "There is no signing key yet.");
        var sentence = $"The signing key has been in use for {age.TotalDays:0.#} of {limit.TotalDays:0.#} days.";
        if (age >= limit * Warning)
            sentence += $" {keys.Trouble ?? "Its successor was not made in time; see the gateway's log, or POST /api/v1/signing-keys/rotation."}";
        var data = new Dictionary<string, object> { ["ageSeconds"] = Math.Round(age.TotalSeconds) };
        return age > limit ? HealthCheckResult.Unhealthy(sentence, data: data)
            : age >= limit * Warning ? HealthCheckResult.Degraded(sentence, data: data)
            : HealthCheckResult.Healthy(sentence, data);
    }
}
