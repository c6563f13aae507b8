using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.ServiceDefaults.Concurrency;

/// <summary>A row's version as a strong ETag, so that a write changes only what its caller has seen.</summary>
public static class ETags
{
    /// <summary>The ETag of a version, quotes included: <c>"2f1a"</c>, or <c>"2f1a-ar"</c> for one of several representations.</summary>
    /// <param name="version">PostgreSQL's <c>xmin</c>; what else changes the representation may stand in the upper 32 bits.</param>
    /// <param name="variant">Tells representations of one version apart, such as languages; writes ignore it.</param>
    public static string Of(ulong version, string? variant = null) => variant is null
        ? string.Create(CultureInfo.InvariantCulture, $"\"{version:x}\"")
        : string.Create(CultureInfo.InvariantCulture, $"\"{version:x}-{variant}\"");

    /// <summary>Puts the ETag on the response.</summary>
    public static void Write(HttpResponse response, ulong version, string? variant = null)
    {
        ArgumentNullException.ThrowIfNull(response);
        response.Headers.ETag = Of(version, variant);
    }

    /// <summary>Whether the caller already has this version (<c>If-None-Match</c>): answer 304 and send no body.</summary>
    public static bool AlreadyHas(HttpRequest request, ulong version, string? variant = null) => AlreadyHas(request, Of(version, variant));

    /// <summary>Whether the caller already has what this ETag (quotes included) stands for.</summary>
    public static bool AlreadyHas(HttpRequest request, string etag)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Headers.IfNoneMatch.Count > 0
            && EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var tags)
            && tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Tag == etag);
    }

    internal static bool TryParse(string tag, out ulong version)
    {
        version = 0;
        if (tag is not ['"', .., '"'] || tag.Length is <= 2 or > 32) return false;
        var text = tag.AsSpan(1, tag.Length - 2);
        if (text.IndexOf('-') is >= 0 and var dash) text = text[..dash];
        return text.Length <= 16 && ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out version);
    }
}

/// <summary>Which versions a write may change: what its caller sent as <c>If-Match</c>.</summary>
public sealed class ExpectedVersion
{
    private readonly ulong[]? _versions;

    private ExpectedVersion(ulong[]? versions) => _versions = versions;

    /// <summary>Whether the version stored now is one the caller expects. After <c>If-Match: *</c> every version is.</summary>
    public bool Matches(ulong current) => _versions is null || _versions.Contains(current);

    /// <summary>Reads <c>If-Match</c>, or says why the write is refused: 428 when absent, 400 when it is weak or not an ETag of ours.</summary>
    public static bool TryRead(
        HttpRequest request,
        [NotNullWhen(true)] out ExpectedVersion? expected,
        [NotNullWhen(false)] out ProblemHttpResult? refusal)
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

            var versions = tags.Where(tag => !tag.IsWeak).Select(tag => ETags.TryParse(tag.Tag.ToString(), out var version) ? version : (ulong?)null).ToArray();
            if (versions.Length == tags.Count && versions.All(version => version is not null))
            {
                return (new ExpectedVersion([.. versions.Select(version => version!.Value)]), null);
            }
        }

        return (null, Problem.Of(ProblemTypes.BadRequest, "If-Match must be an ETag as it was read: strong, in double quotes."));
    }
}
