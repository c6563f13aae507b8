using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Shabou.ServiceDefaults.Auth;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.Idempotency;

/// <summary>What a caller sends as <c>Idempotency-Key</c> to be sure that a request it repeats has one effect.</summary>
public static class IdempotencyKey
{
    /// <summary>The header.</summary>
    public const string Header = "Idempotency-Key";
    /// <summary>In characters.</summary>
    public const int MaxLength = 255;

    /// <summary>The key; null when the caller sent none.</summary>
    /// <returns>False when it is no key: the refusal says what one is.</returns>
    public static bool TryRead(HttpRequest request, out string? key, [NotNullWhen(false)] out ProblemHttpResult? refusal)
    {
        var sent = request.Headers[Header];
        key = sent.Count == 1 ? sent[0] : null;
        refusal = sent.Count == 0 || (key is { Length: > 0 and <= MaxLength } && key.All(c => c is >= ' ' and <= '~'))
            ? null
            : Problem.Invalid(Header, $"must be one value of 1 to {MaxLength} printable ASCII characters.");
        return refusal is null;
    }

    /// <summary>SHA-256 of who calls what under which key: callers cannot meet each other's keys.</summary>
    public static byte[] HashOf(HttpContext http, string key)
    {
        var caller = http.User.FindFirstValue(ClientClaims.Subject);
        return SHA256.HashData(Encoding.UTF8.GetBytes($"{caller}\n{http.Request.Method}\n{http.Request.Path}\n{key}")); // no part but the last can have a line break
    }

    /// <summary>SHA-256 of what is asked for.</summary>
    public static byte[] HashOf(QueryString query, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{query.Value}\n"));
        hash.AppendData(body);
        return hash.GetHashAndReset();
    }
}
