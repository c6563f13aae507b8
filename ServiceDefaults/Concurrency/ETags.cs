using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.ServiceDefaults.Concurrency;

/// <summary>A row's version as a strong ETag, so that a write changes only what its caller has seen.</summary>
public static class ETags
{
    /// <summary>The ETag of a version (PostgreSQL's <c>xmin</c>): <c>"2f1a"</c>, quotes included.</summary>
    public static string Of(uint version) => string.Create(CultureInfo.InvariantCulture, $"\"{version:x}\"");

    /// <summary>Puts the ETag on the response.</summary>
    public static void Write(HttpResponse response, uint version)
    {
        ArgumentNullException.ThrowIfNull(response);
        response.Headers.ETag = Of(version);
    }

    /// <summary>Whether the caller already has this version (<c>If-None-Match</c>): answer 304 and send no body.</summary>
    public static bool AlreadyHas(HttpRequest request, uint version)
    {
        ArgumentNullException.ThrowIfNull(request);
        return EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var tags)
            && tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Tag == Of(version));
    }

    internal static bool TryParse(string tag, out uint version)
    {
        version = 0;
        return tag is ['"', .., '"'] and { Length: > 2 and <= 10 }
            && uint.TryParse(tag.AsSpan(1, tag.Length - 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out version);
    }
}

/// <summary>Which versions a write may change: what its caller sent as <c>If-Match</c>.</summary>
public sealed class ExpectedVersion
{
    private readonly uint[]? _versions;

    private ExpectedVersion(uint[]? versions) => _versions = versions;

    /// <summary>Whether the version stored now is one the caller expects. After <c>If-Match: *</c> every version is.</summary>
    public bool Matches(uint current) => _versions is null || _versions.Contains(current);

    /// <summary>Reads <c>If-Match</c>, or says why the write is refused: 428 when absent, 400 when it is weak or not an ETag of ours.</summary>
    public static bool TryRead(
        HttpRequest request,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ExpectedVersion? expected,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out ProblemHttpResult? refusal)
    {
        ArgumentNullException.ThrowIfNull(request);
        (expected, refusal) = Read(request);
        return expected is not null;
    }

    /// <summary>412: the version stored now is another one.</summary>
    public static ProblemHttpResult Stale(string thing, object id) =>
        Problem.Of(ProblemTypes.StaleVersion, $"The {thing} {id} has another version now; read it again and send its ETag as If-Match.");

    private static (ExpectedVersion?, ProblemHttpResult?) Read(HttpRequest request)
    {
        if (request.Headers.IfMatch.Count == 0)
        {
            return (null, Problem.Of(ProblemTypes.PreconditionRequired, "Send the ETag that was read as If-Match."));
        }

        if (EntityTagHeaderValue.TryParseStrictList(request.Headers.IfMatch, out var tags) && tags.Count > 0)
        {
            if (tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any)))
            {
                return (new ExpectedVersion(null), null);
            }

            var versions = tags.Where(tag => !tag.IsWeak).Select(tag => ETags.TryParse(tag.Tag.ToString(), out var version) ? version : (uint?)null).ToArray();
            if (versions.Length == tags.Count && versions.All(version => version is not null))
            {
                return (new ExpectedVersion([.. versions.Select(version => version!.Value)]), null);
            }
        }

        return (null, Problem.Of(ProblemTypes.BadRequest, "If-Match must be an ETag as it was read: strong, in double quotes."));
    }
}
