using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.ServiceDefaults.Auth;

/// <summary>Orders of the operator to a program that serves no client of the shop: they carry a key that the program was given.</summary>
public static class OrderKeys
{
    /// <summary>Lets only requests pass that carry the key; the others get 401.</summary>
    /// <param name="endpoints">An endpoint or a group of them.</param>
    /// <param name="header">Where the key is.</param>
    /// <param name="setting">Whose value it is, for who is refused.</param>
    /// <param name="key">The value.</param>
    public static TBuilder RequireOrderKey<TBuilder>(this TBuilder endpoints, string header, string setting, string key) where TBuilder : IEndpointConventionBuilder
    {
        var expected = Hash(key);
        return endpoints.AddEndpointFilter(async (context, next) => CryptographicOperations.FixedTimeEquals(Hash(context.HttpContext.Request.Headers[header].ToString()), expected)
            ? await next(context)
            : Problem.Of(ProblemTypes.Unauthenticated, $"Send the setting {setting} in {header}."));
    }

    // Of equal length, whatever was sent.
    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
