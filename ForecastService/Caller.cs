using Shabou.ServiceDefaults.Auth;

namespace Shabou.ForecastService;

/// <summary>Who sent a request, as changes are signed with.</summary>
internal static class Caller
{
    private const int Longest = Schema.Forecast.PlanningParameters.ActorMaxLength;

    /// <summary>The name, else the id; cut to what the database keeps.</summary>
    public static string Of(HttpContext http)
    {
        var name = http.User.FindFirst(ClientClaims.Name)?.Value ?? http.User.FindFirst(ClientClaims.Subject)?.Value ?? "unknown";
        return name.Length <= Longest ? name : name[..Longest];
    }
}
