using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Shabou.ServiceDefaults.Health;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace Shabou.Gateway.Health.Checks;

/// <summary>What the replicas of one service say about themselves, asked as requests are sent to them: the cluster's client and addresses.</summary>
internal sealed class ServiceAnswer(IProxyStateLookup proxy, string cluster) : IHealthCheck
{
    private const int LongestWord = 16;

    // Less than the watch's own, so that one replica that hangs does not hide what the others say.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!proxy.TryGetCluster(cluster, out var state) || state.DestinationsState.AllDestinations is not { Count: > 0 } replicas)
            return HealthCheckResult.Unhealthy($"No address of the service {cluster} is known.");
        var answers = await Task.WhenAll(replicas.Select(replica => AskAsync(state.Model.HttpClient, replica, cancellationToken)));
        var (healthy, degraded) = (answers.Count(status => status == HealthStatus.Healthy), answers.Count(status => status == HealthStatus.Degraded));
        var figures = new Dictionary<string, object> { ["replicas"] = answers.Length, ["ready"] = healthy + degraded };
        return (healthy + degraded, degraded) switch
        {
            (0, _) => new(context.Registration.FailureStatus, $"The service {cluster} is not ready or does not answer.", data: figures),
            var (ready, _) when ready < answers.Length => HealthCheckResult.Degraded(string.Create(CultureInfo.InvariantCulture, $"{ready} of {answers.Length} replicas of {cluster} are ready."), data: figures),
            (_, > 0) => HealthCheckResult.Degraded($"The service {cluster} is ready, but says that it is degraded.", data: figures),
            _ => HealthCheckResult.Healthy($"The service {cluster} is ready.", figures),
        };
    }

    private static async Task<HealthStatus> AskAsync(HttpMessageInvoker client, DestinationState replica, CancellationToken cancellationToken)
    {
        var address = replica.Model.Config.Health ?? replica.Model.Config.Address;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        using var request = new HttpRequestMessage(HttpMethod.Get, address.TrimEnd('/') + HealthEndpoints.HealthPath);
        if (replica.Model.Config.Host is { } host)
            request.Headers.Host = host;
        try
        {
            using var response = await client.SendAsync(request, patience.Token);
            return response.StatusCode != HttpStatusCode.OK ? HealthStatus.Unhealthy
                : await WordAsync(response, patience.Token) == nameof(HealthStatus.Degraded) ? HealthStatus.Degraded
                : HealthStatus.Healthy;
        }
        catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return HealthStatus.Unhealthy;
        }
    }

    private static async Task<string> WordAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var word = new byte[LongestWord];
        return Encoding.ASCII.GetString(word, 0, await body.ReadAtLeastAsync(word, word.Length, throwOnEndOfStream: false, cancellationToken));
    }
}
