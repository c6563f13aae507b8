using Shabou.Schema;
using Shabou.ServiceDefaults.Outages;
using Yarp.ReverseProxy.Model;

namespace Shabou.Gateway.Resilience;

/// <summary>While the database hangs, the gateway ends only what it answers itself, such as a sign-in: what it passed on its service ends, which also knows
/// whether it needs the database.</summary>
internal static class OwnRequests
{
    public static void AddOutages(this WebApplicationBuilder builder) =>
        builder.AddDatabasePulse(DatabaseQuestion.AskAsync, mayEnd: http => http.GetEndpoint()?.Metadata.GetMetadata<RouteModel>() is null);
}
