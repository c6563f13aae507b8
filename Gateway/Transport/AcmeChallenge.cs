using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Shabou.Gateway.Identity;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.Gateway.Transport;

/// <summary>Proves to a certificate authority that this host is ours (RFC 8555, HTTP-01): an external ACME client writes the answer to a
/// file, and the authority fetches it over plain http.</summary>
internal static partial class AcmeChallenge
{
    private const string Prefix = "/.well-known/acme-challenge";
    private const int MaxBytes = 1_024; // a token, a dot and the thumbprint of an account's key are below 200

    internal static bool IsFor(HttpRequest request) =>
        request.Path.StartsWithSegments(Prefix, StringComparison.Ordinal) && (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method));

    internal static void MapAcmeChallenge(this IEndpointRouteBuilder routes) =>
        routes.MapMethods(AnonymousEndpoints.AcmeChallenge, [HttpMethods.Get, HttpMethods.Head], AnswerAsync).AllowAnonymous().ExcludeFromDescription();

    private static async Task<Results<Utf8ContentHttpResult, ProblemHttpResult>> AnswerAsync(
        string token, HttpResponse response, IOptions<TransportOptions> options, CancellationToken cancellationToken)
    {
        response.Headers.CacheControl = "no-store";
        return options.Value.AcmeChallengeFolder is { Length: > 0 } folder && Token().IsMatch(token)
            && await ReadAsync(Path.Combine(folder, token), cancellationToken) is { } answer && IsAnswerTo(token, answer)
            ? TypedResults.Text(answer, "application/octet-stream")
            : Problem.NotFound("challenge", "of this token");
    }

    /// <returns>Null when there is no such file, or it cannot be an answer.</returns>
    private static async Task<byte[]?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            var file = new FileInfo(path);
            return file.Exists && file.Length <= MaxBytes ? await File.ReadAllBytesAsync(path, cancellationToken) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null; // the client takes it away when the authority has seen it
        }
    }

    // So that a wrong folder gives nothing away: only an answer to just this challenge leaves.
    private static bool IsAnswerTo(string token, ReadOnlySpan<byte> answer) =>
        answer.Length > token.Length && answer[token.Length] == '.' && Ascii.Equals(answer[..token.Length], token);

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,128}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Token();
}
