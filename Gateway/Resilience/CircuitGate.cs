using System.Globalization;
using Shabou.Gateway.Problems;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.Gateway.Resilience;

/// <summary>Refuses at once what an open breaker would refuse later, at the cost of an exception and two lines of log.</summary>
internal sealed class CircuitGate(RequestDelegate next, Circuits circuits, IProblemDetailsService problems)
{
    public Task InvokeAsync(HttpContext http)
    {
        var cluster = http.GetReverseProxyFeature().Cluster.Config.ClusterId;
        return circuits.Of(cluster).Wait is { } wait ? RefuseAsync(http, cluster, (int)Math.Ceiling(wait.TotalSeconds)) : next(http);
    }

    private Task RefuseAsync(HttpContext http, string cluster, int seconds) => problems.RefuseAsync(http, ProblemTypes.ServiceUnavailable,
        string.Create(CultureInfo.InvariantCulture, $"The service {cluster} failed too often and is not asked now. Everything else works; try this again in {seconds} s."), seconds).AsTask();
}
