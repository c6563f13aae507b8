using System.Net;
using Microsoft.AspNetCore.WebUtilities;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.People;

/// <summary>As much of a browser as a sign-in needs: it keeps cookies and goes where it is sent, one step at a time.</summary>
internal sealed class Browser(GatewayHost gateway) : IDisposable
{
    private readonly HttpClient _gateway = gateway.Client();
    private readonly HttpClient _elsewhere = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    /// <summary>By name; a test may take some away.</summary>
    internal Dictionary<string, string> Cookies { get; } = [];

    /// <summary>As the gateway set them, attributes and all.</summary>
    internal List<string> SetCookies { get; } = [];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _gateway.Dispose();
        _elsewhere.Dispose();
    }

    /// <summary>Asks the gateway, with cookies.</summary>
    internal async Task<HttpResponseMessage> GetAsync(Uri address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Version = HttpVersion.Version20 };
        if (Cookies.Count > 0)
            request.Headers.Add("Cookie", string.Join("; ", Cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        var answer = await _gateway.SendAsync(request, Cancelled);
        foreach (var cookie in answer.Headers.TryGetValues("Set-Cookie", out var set) ? set : [])
        {
            SetCookies.Add(cookie);
            var pair = cookie.Split(';')[0].Split('=', 2);
            if (pair[1].Length > 0)
                Cookies[pair[0]] = pair[1];
            else
                Cookies.Remove(pair[0]);
        }
        return answer;
    }

    /// <summary>Begins at the gateway and signs in at the provider.</summary>
    /// <returns>The callback's address, which the browser has not opened yet.</returns>
    internal async Task<Uri> SignInAtProviderAsync(string? returnUrl = null, string? challenge = null)
    {
        var begin = QueryHelpers.AddQueryString("/api/v1/auth/google", new Dictionary<string, string?> { ["returnUrl"] = returnUrl, ["codeChallenge"] = challenge }.Where(pair => pair.Value is not null));
        using var begun = await GetAsync(new Uri(gateway.Https, begin));
        Assert.Equal(HttpStatusCode.Redirect, begun.StatusCode);
        using var allowed = await _elsewhere.GetAsync(begun.Headers.Location, Cancelled);
        Assert.Equal(HttpStatusCode.Redirect, allowed.StatusCode);
        return allowed.Headers.Location!;
    }
}
