using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Shabou.Gateway.Transport;

/// <summary>Complains while there is still time: Degraded when less than 21 days or a quarter of the certificate's life are left, whichever
/// is shorter, or when a renewal cannot be used; Unhealthy when it has expired.</summary>
/// <remarks>ACME clients renew when a third is left: a 90-day certificate at 30 days, so at 21 their renewal has failed for nine days.</remarks>
internal sealed class CertificateHealth(ServerCertificate certificate, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan Early = TimeSpan.FromDays(21);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(Check());

    private HealthCheckResult Check()
    {
        if (certificate.Served is not { } served)
            return HealthCheckResult.Healthy("No certificate files are configured; the development certificate is presented.");
        var left = served.NotAfter - time.GetUtcNow();
        var quarter = (served.NotAfter - served.NotBefore) / 4;
        var until = string.Create(CultureInfo.InvariantCulture, $"The certificate is valid until {served.NotAfter:u}");
        if (left <= TimeSpan.Zero)
            return HealthCheckResult.Unhealthy($"{until}, which has passed: write a new one to {CertificateFiles.Section}:Path.");
        if (certificate.Refusal is { } refusal)
            return HealthCheckResult.Degraded($"{until}; its renewal cannot be used: {refusal}");
        return left < (quarter < Early ? quarter : Early)
            ? HealthCheckResult.Degraded($"{until} and should have been renewed: look at the ACME client.")
            : HealthCheckResult.Healthy(until);
    }
}
