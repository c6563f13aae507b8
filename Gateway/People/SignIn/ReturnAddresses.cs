using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using Shabou.Gateway.Cors;

namespace Shabou.Gateway.People.SignIn;

/// <summary>Where a browser may be sent with a code: to the origins that CORS allows, or back to the gateway. Nothing that only looks like them.</summary>
internal sealed class ReturnAddresses(IOptions<OriginOptions> origins)
{
    private const int Longest = 2_000;
    /// <param name="sent">Absolute, or a path of the gateway.</param>
    /// <param name="request">Made to this gateway.</param>
    /// <param name="address">What the browser may be sent to: as .NET reads it, not as it was written, so that no browser reads it otherwise.</param>
    internal bool TryRead(string sent, HttpRequest request, [NotNullWhen(true)] out string? address)
    {
        address = null;
        if (sent.Length is 0 or > Longest || sent.Any(c => c is '\\' or '#' || char.IsControl(c) || char.IsWhiteSpace(c)))
            return false;
        var self = $"{request.Scheme}://{request.Host}";
        if (!Uri.TryCreate(new Uri(self), sent, out var uri) || uri.UserInfo.Length > 0)
            return false;
        var origin = uri.GetLeftPart(UriPartial.Authority);
        if (!origins.Value.Origins.Contains(origin, StringComparer.Ordinal) && origin != new Uri(self).GetLeftPart(UriPartial.Authority))
            return false;
        address = uri.AbsoluteUri;
        return true;
    }
}
