using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.Standby.Promotion;

/// <summary>Lets a request pass that carries the configured key.</summary>
internal sealed class KeyFilter(IOptions<StandbyOptions> options) : IEndpointFilter
{
    public const string Header = "X-Standby-Key";

    private readonly byte[] _key = SHA256.HashData(Encoding.UTF8.GetBytes(options.Value.Key));

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(context.HttpContext.Request.Headers[Header].ToString())), _key)
            ? await next(context)
            : Problem.Of(ProblemTypes.Unauthenticated, $"Send the setting Standby:Key in {Header}.");
}
