using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Shabou.PlacesSimulator.Errors;

namespace Shabou.PlacesSimulator.Access;

/// <summary>Lets a request pass that carries the configured key, and refuses every other as Google does.</summary>
internal sealed class ApiKeyFilter(IOptions<PlacesOptions> options) : IEndpointFilter
{
    public const string Header = "X-Goog-Api-Key";
    private readonly byte[] _key = SHA256.HashData(Encoding.UTF8.GetBytes(options.Value.ApiKey));

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var sent = context.HttpContext.Request.Headers[Header].ToString();
        if (sent.Length == 0)
            return GoogleError.PermissionDenied("Method doesn't allow unregistered callers. Send an API key in X-Goog-Api-Key.", "CONSUMER_INVALID");
        return CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(sent)), _key)
            ? await next(context)
            : GoogleError.PermissionDenied("The API key is not valid.", "API_KEY_INVALID");
    }
}
