using Shabou.CatalogApi.Idempotency;

namespace Shabou.CatalogApi.Statements;

/// <summary>How many SQL statements a request may run. Three for all, so that nobody reads row by row; work that loads many rows at once names
/// its own number, which does not grow with the rows.</summary>
internal sealed record StatementAllowance(int Statements)
{
    private const int Usual = 3;

    /// <summary>The row of the key, and the answer kept in it.</summary>
    private const int OfAKey = 2;

    public static int Of(HttpContext http)
    {
        var endpoint = http.GetEndpoint()?.Metadata;
        var keyed = endpoint?.GetMetadata<HonoursIdempotencyKey>() is not null && http.Request.Headers.ContainsKey(IdempotencyKey.Header);
        return (endpoint?.GetMetadata<StatementAllowance>()?.Statements ?? Usual) + (keyed ? OfAKey : 0);
    }
}

internal static class StatementAllowanceMark
{
    /// <summary>Exempts an endpoint from the usual limit, up to another one.</summary>
    public static TBuilder AllowStatements<TBuilder>(this TBuilder endpoint, int statements) where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new StatementAllowance(statements));
}
