using System.Net;
using Shabou.Gateway.Tests.Servers;
using Shabou.ServiceDefaults.Limits;

namespace Shabou.Gateway.Tests.Transport;

public sealed class BodyLimitTests(GatewayFixture fixture) : IAsyncLifetime
{
    private readonly GatewayHost _gateway = fixture.Gateway();
    private HttpClient? _client;
    private readonly string _path = $"/api/v1/demand/{Guid.NewGuid()}";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _client = _gateway.Client(await fixture.Postgres.IssueAsync());

    public ValueTask DisposeAsync()
    {
        _client?.Dispose();
        return _gateway.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_of_exactly_the_limit_arrives(bool chunked)
    {
        using var response = await PostAsync(RequestLimits.MaxBodyBytes, chunked, HttpVersion.Version20);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(RequestLimits.MaxBodyBytes, Seen().Single().BodyBytes);
    }

    [Fact]
    public async Task A_body_that_declares_one_byte_more_is_refused_before_the_service_hears_of_it()
    {
        using var response = await PostAsync(RequestLimits.MaxBodyBytes + 1, chunked: false, HttpVersion.Version11);
        Assert.Contains("10,485,760 bytes at most. It declares 10,485,761", await response.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "too-large"), StringComparison.Ordinal);
        Assert.Empty(Seen());
    }

    [Fact]
    public async Task A_body_that_declares_nothing_and_goes_on_is_cut_off()
    {
        using var response = await PostAsync(RequestLimits.MaxBodyBytes + 1, chunked: true, HttpVersion.Version20);
        Assert.Contains("10,485,760 bytes at most", await response.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "too-large"), StringComparison.Ordinal);
        Assert.Empty(Seen());
    }

    private IEnumerable<Upstream.Seen> Seen() => fixture.Service.Requests.Where(seen => seen.Path == _path);

    private async Task<HttpResponseMessage> PostAsync(long bytes, bool chunked, Version version)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_path, UriKind.Relative)) { Version = version, Content = new Zeros(bytes, chunked) };
        request.Headers.ExpectContinue = !chunked && version.Major == 1; // so that a refusal comes before the body leaves
        return await _client!.SendAsync(request, Cancelled);
    }

    private sealed class Zeros(long bytes, bool chunked) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var block = new byte[65_536];
            for (var left = bytes; left > 0; left -= block.Length)
                await stream.WriteAsync(block.AsMemory(0, (int)Math.Min(left, block.Length)), Cancelled);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = bytes;
            return !chunked;
        }
    }
}
