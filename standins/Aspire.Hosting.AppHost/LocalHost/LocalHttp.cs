using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.LocalHost;

/// <summary>HTTP to the resources: trusts the machine's authorities and the host's own.</summary>
internal sealed class LocalHttp(Certificates certificates) : IDisposable
{
    private readonly Lazy<HttpClient> _client = new(() => new(CreateHandler(certificates)) { Timeout = TimeSpan.FromSeconds(5) });

    public HttpClient Client => _client.Value;

    public static SocketsHttpHandler CreateHandler(Certificates certificates) => new()
    {
        UseCookies = false,
        AllowAutoRedirect = false,
        SslOptions = new() { RemoteCertificateValidationCallback = (_, certificate, _, errors) => IsTrusted(certificates, certificate, errors) },
    };

    public void Dispose()
    {
        if (_client.IsValueCreated)
            _client.Value.Dispose();
    }

    private static bool IsTrusted(Certificates certificates, X509Certificate? presented, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
            return true;
        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || presented is not X509Certificate2 certificate)
            return false;

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(certificates.Authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }
}

/// <summary>Healthy when a GET answers with the status code expected.</summary>
internal sealed class HttpHealthCheck(LocalHttp http, EndpointReference endpoint, string path, int statusCode) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            using var response = await http.Client.GetAsync(new Uri(new Uri(endpoint.Url), path), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return (int)response.StatusCode == statusCode
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy($"{path} answered {(int)response.StatusCode} instead of {statusCode}.");
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy($"{path} did not answer.", error);
        }
    }
}
