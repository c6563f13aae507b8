using System.Collections.Frozen;
using Microsoft.Net.Http.Headers;
using Shabou.Gateway.Identity;

namespace Shabou.Gateway.Transport;

/// <summary>Finds what must never have been sent in the clear, and names it without its value.</summary>
internal static class PlaintextSecrets
{
    private static readonly string[] Headers = [HeaderNames.Authorization, HeaderNames.ProxyAuthorization, ApiKeys.Header, HeaderNames.Cookie];

    /// <summary>Secrets do not belong into an address, not even over https, but over http they are lost at once.</summary>
    private static readonly FrozenSet<string> Parameters = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        "access_token", "refresh_token", "id_token", "token", "jwt", "api_key", "apikey", "api-key", ApiKeys.Header, "key", "client_secret", "secret", "password");

    /// <returns>Such as <c>Authorization</c>, or <c>the parameter access_token</c>; null when the request has none.</returns>
    internal static string? In(HttpRequest request)
    {
        if (Array.Find(Headers, request.Headers.ContainsKey) is { } header)
            return header;
        foreach (var name in request.Query.Keys)
            if (Parameters.TryGetValue(name, out var parameter))
                return $"the parameter {parameter}";
        return null;
    }
}
