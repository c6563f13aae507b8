namespace Shabou.Gateway.Compression;

/// <summary>An answer in another encoding is another representation and needs another strong ETag: <c>"2f1a"</c> becomes <c>"2f1a-gzip"</c>.
/// Services know nothing of that; what a client quotes is translated back for them.</summary>
internal static class EncodedTags
{
    private static readonly string[] Encodings = ["gzip", "br"];

    /// <summary>Translates If-Match and If-None-Match, and the ETag of a 304, which must be the one that the client has.</summary>
    internal static void Read(HttpContext http)
    {
        var headers = http.Request.Headers;
        if (headers.IfMatch.Count > 0)
            headers.IfMatch = Plain(headers.IfMatch.ToString());
        if (headers.IfNoneMatch.Count == 0)
            return;
        var asked = headers.IfNoneMatch.ToString();
        var plain = Plain(asked);
        if (plain == asked)
            return;
        headers.IfNoneMatch = plain;
        http.Response.OnStarting(() =>
        {
            if (http.Response.StatusCode == StatusCodes.Status304NotModified && http.Response.Headers.ETag is [{ } tag])
                http.Response.Headers.ETag = Array.ConvertAll(Encodings, encoding => Of(tag, encoding)).FirstOrDefault(own => asked.Contains(own, StringComparison.Ordinal), tag);
            return Task.CompletedTask;
        });
    }

    /// <summary>The ETag of the representation in this encoding; a weak one stands for all of them.</summary>
    internal static string Of(string tag, string encoding) =>
        tag is ['"', .., '"'] and { Length: > 1 } ? string.Concat(tag.AsSpan(0, tag.Length - 1), "-", encoding, "\"") : tag;

    private static string Plain(string tags)
    {
        foreach (var encoding in Encodings)
            tags = tags.Replace($"-{encoding}\"", "\"", StringComparison.Ordinal);
        return tags;
    }
}
