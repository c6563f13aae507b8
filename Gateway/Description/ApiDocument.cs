using System.Collections.Concurrent;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Shabou.Gateway.Description;

/// <summary>The merged document, kept ready. It is made when somebody first reads it, so that no start waits for it, and made anew behind
/// the readers' backs when it is old. A service that is away keeps its last known part; one that was never heard is named in
/// <c>x-unavailable</c>, and readers then wait for it at most <see cref="DescriptionOptions.Patience"/> every <see cref="DescriptionOptions.RetryEvery"/>.</summary>
internal sealed class ApiDocument(OwnDocument own, RoutedServices services, ServicePart part, IOptions<DescriptionOptions> options, TimeProvider time)
{
    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }; // it is JSON, not part of a page

    private readonly ConcurrentDictionary<string, string> _parts = new(StringComparer.Ordinal);
    private readonly Lock _turn = new();
    private volatile Rendering? _current;
    private Task<Rendering>? _making;

    internal async ValueTask<Rendering> GetAsync(CancellationToken cancellationToken)
    {
        var current = _current;
        if (current is null || (!current.IsWhole && IsOlderThan(current, options.Value.RetryEvery))) return await MakeOnce().WaitAsync(cancellationToken);
        if (IsOlderThan(current, current.IsFresh ? options.Value.RefreshEvery : options.Value.RetryEvery)) _ = MakeOnce();
        return current;
    }

    private bool IsOlderThan(Rendering rendering, TimeSpan age) => time.GetUtcNow() - rendering.MadeAt >= age;

    // Belongs to no request, since others may wait for it too.
    private Task<Rendering> MakeOnce()
    {
        lock (_turn) return _making is { IsCompleted: false } underWay ? underWay : _making = Task.Run(MakeAsync);
    }

    private async Task<Rendering> MakeAsync()
    {
        var names = services.Names();
        var answers = await Task.WhenAll(names.Select(async name => (Name: name, Part: await part.FetchAsync(name))));
        foreach (var (name, answer) in answers)
            if (answer is not null) _parts[name] = answer.ToJsonString();
        var known = names.Where(_parts.ContainsKey).Select(name => new ApiPart(name, JsonNode.Parse(_parts[name])!.AsObject()));
        var missing = names.Where(name => !_parts.ContainsKey(name)).ToList();
        var merged = new MergedDocument(services.Owner()).Merge(new("gateway", await own.GetAsync()), known, missing, options.Value.Address);
        return _current = Render(merged, isWhole: missing.Count == 0, isFresh: answers.All(a => a.Part is not null));
    }

    private Rendering Render(JsonObject document, bool isWhole, bool isFresh)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(document, s_json);
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(json);
        // Weak, as it names the content and not its encoding.
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(json).AsSpan(0, 16))}\"", isWeak: true);
        return new(json, packed.ToArray(), tag, time.GetUtcNow(), isWhole, isFresh);
    }
}

/// <summary>The document as bytes.</summary>
/// <param name="IsWhole">Every service's part is in it.</param>
/// <param name="IsFresh">Every service has just been heard.</param>
internal sealed record Rendering(byte[] Json, byte[] Packed, EntityTagHeaderValue ETag, DateTimeOffset MadeAt, bool IsWhole, bool IsFresh);
