using System.Net;
using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace Shabou.Testing;

/// <summary>Every endpoint of a service, called with every kind of token.</summary>
/// <param name="services">Of the started service: its endpoint table is read, not a list.</param>
/// <param name="client">Sends no token of its own.</param>
/// <param name="audience">Name of the service.</param>
public sealed class EndpointMatrix(IServiceProvider services, HttpClient client, string audience)
{
    private static readonly string[] s_roles = ["NO_ACCESS", "USER", "ADMIN"];

    /// <summary>Method and path of each endpoint, with anything that fits for its parameters.</summary>
    public IReadOnlyList<(string Method, string Path, RouteEndpoint Endpoint)> Rows { get; } =
    [
        .. services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(e => e.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"], (e, method) => (method, PathOf(e.RoutePattern), e)),
    ];

    /// <summary>Paths that anybody may call.</summary>
    public IEnumerable<string> Anonymous => Rows.Where(row => IsAnonymous(row.Endpoint)).Select(row => row.Endpoint.RoutePattern.RawText!).Distinct().Order(StringComparer.Ordinal);

    /// <summary>How many answers <see cref="ViolationsAsync"/> looks at.</summary>
    public int Cells => Rows.Count(row => !IsAnonymous(row.Endpoint)) * (s_roles.Length + 4);

    /// <summary>One sentence for each answer that is not as the endpoint's own metadata demand: 401 without a token that is meant for this
    /// service and valid, 403 with a role that may not, anything else with one that may.</summary>
    public async Task<IReadOnlyList<string>> ViolationsAsync(CancellationToken cancellationToken)
    {
        using var foreign = new TokenSigner();
        var violations = new List<string>();
        foreach (var (method, path, endpoint) in Rows.Where(row => !IsAnonymous(row.Endpoint)))
        {
            var allowed = await AllowedAsync(endpoint);
            await ExpectAsync("no token", null, status => status == HttpStatusCode.Unauthorized);
            await ExpectAsync("a token for another service", TestTokens.Signer.Token(audiences: [.. TestTokens.Services.Where(other => other != audience), "shabou"]), status => status == HttpStatusCode.Unauthorized);
            await ExpectAsync("an expired token", TestTokens.Signer.Token(audiences: [audience], expires: DateTimeOffset.UtcNow.AddMinutes(-1)), status => status == HttpStatusCode.Unauthorized);
            await ExpectAsync("a token of a foreign key", foreign.Token(audiences: [audience]), status => status == HttpStatusCode.Unauthorized);
            foreach (var role in s_roles)
            {
                await ExpectAsync($"role {role}", TestTokens.Signer.Token(role, [audience]), allowed.Contains(role)
                    ? status => status is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
                    : status => status == HttpStatusCode.Forbidden);
            }

            async Task ExpectAsync(string who, string? token, Func<HttpStatusCode, bool> isRight)
            {
                using var request = new HttpRequestMessage(new(method), path);
                if (token is not null) request.Headers.Authorization = new("Bearer", token);
                // No endpoint can do anything with it, so that a role that may changes nothing here.
                if (method is "POST" or "PUT" or "PATCH") request.Content = new StringContent("?", Encoding.UTF8, "application/json");
                using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                if (!isRight(response.StatusCode)) violations.Add($"{method} {path} answered {(int)response.StatusCode} to {who}.");
            }
        }
        return violations;
    }

    /// <summary>The roles that the endpoint's policies let in; of one without any, those of the fallback policy.</summary>
    private async Task<IReadOnlyCollection<string>> AllowedAsync(RouteEndpoint endpoint)
    {
        var policies = services.GetRequiredService<IAuthorizationPolicyProvider>();
        var policy = await AuthorizationPolicy.CombineAsync(policies, endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>(), endpoint.Metadata.GetOrderedMetadata<AuthorizationPolicy>())
            ?? await policies.GetFallbackPolicyAsync();
        return [.. s_roles.Where(role => policy is not null && policy.Requirements.OfType<RolesAuthorizationRequirement>().All(required => required.AllowedRoles.Contains(role)))];
    }

    private static bool IsAnonymous(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;

    private static string PathOf(RoutePattern pattern) => "/" + string.Join('/', pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternSeparatorPart separator => separator.Content,
        RoutePatternParameterPart parameter => ValueFor(parameter),
        _ => "x",
    }))));

    private static string ValueFor(RoutePatternParameterPart parameter)
    {
        var rules = parameter.ParameterPolicies.Select(rule => rule.Content).ToList();
        return rules.Contains("guid") ? Guid.NewGuid().ToString()
            : rules.Any(rule => rule is "int" or "long" || rule!.StartsWith("min(", StringComparison.Ordinal) || rule.StartsWith("range(", StringComparison.Ordinal)) ? "1"
            : "nothing-has-this-name";
    }
}
