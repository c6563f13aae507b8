using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Shabou.Gateway.Identity;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.Routing;

public sealed class WebSocketTests(GatewayFixture fixture) : IAsyncLifetime
{
    private ScriptedService? _echo;
    private GatewayHost? _gateway;
    private IssuedKey? _key;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _echo = await ScriptedService.StartAsync(EchoAsync);
        _gateway = fixture.Gateway(
            ("ReverseProxy:Clusters:catalog:Destinations:catalog:Address", _echo.Address),
            ("ReverseProxy:Routes:brands:Metadata:WebSockets", "true"), ("ReverseProxy:Routes:brands:Timeout", "00:00:01"));
        _key = await fixture.Postgres.IssueAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway!.DisposeAsync();
        await _echo!.DisposeAsync();
    }

    [Theory]
    [InlineData("https://shabouautopieces.tn")]
    [InlineData("https://www.shabouautopieces.tn")]
    public async Task A_page_of_ours_opens_a_socket_where_the_route_allows_it(string origin)
    {
        using var socket = await OpenAsync("/api/v1/brands/feed", origin);
        Assert.Equal("pièce", await SayAsync(socket, "pièce"));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Cancelled);
    }

    [Fact]
    public async Task A_socket_outlives_the_time_that_the_route_gives_an_answer()
    {
        using var socket = await OpenAsync("/api/v1/brands/feed", "https://shabouautopieces.tn");
        using var seconds = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        for (var i = 0; i < 3; i++)
        {
            await seconds.WaitForNextTickAsync(Cancelled);
            Assert.Equal($"{i}", await SayAsync(socket, $"{i}"));
        }
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("https://shabouautopieces.tn.evil.example")]
    [InlineData("http://shabouautopieces.tn")]
    [InlineData("https://shabouautopieces.tn:8443")]
    [InlineData("null")]
    [InlineData(null)]
    public async Task Another_page_is_refused_and_the_service_hears_nothing(string? origin)
    {
        var before = _echo!.Calls;
        var failure = await Assert.ThrowsAsync<WebSocketException>(() => OpenAsync("/api/v1/brands/feed", origin));
        Assert.Contains("403", failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, _echo.Calls);
    }

    [Fact]
    public async Task A_route_that_does_not_say_so_opens_no_socket()
    {
        var failure = await Assert.ThrowsAsync<WebSocketException>(() => OpenAsync("/api/v1/categories/feed", "https://shabouautopieces.tn"));
        Assert.Contains("403", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, _echo!.Calls);
    }

    [Fact]
    public async Task An_offer_of_another_protocol_is_ignored()
    {
        using var client = _gateway!.Client(_key);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/api/v1/categories", UriKind.Relative))
        {
            Version = HttpVersion.Version11, Headers = { { "Connection", "Upgrade" }, { "Upgrade", "h2c" } },
        };
        using var response = await client.SendAsync(request, Cancelled);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private async Task<ClientWebSocket> OpenAsync(string path, string? origin)
    {
        var socket = new ClientWebSocket();
        socket.Options.RemoteCertificateValidationCallback = (_, certificate, _, _) => _gateway!.Presents(certificate);
        socket.Options.SetRequestHeader(ApiKeys.Header, _key!.Secret);
        if (origin is not null)
            socket.Options.SetRequestHeader("Origin", origin);
        await socket.ConnectAsync(new UriBuilder(new Uri(_gateway!.Https, path)) { Scheme = "wss" }.Uri, Cancelled);
        return socket;
    }

    private static async Task<string> SayAsync(WebSocket socket, string text)
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, Cancelled);
        var buffer = new byte[256];
        var said = await socket.ReceiveAsync(buffer, Cancelled);
        return Encoding.UTF8.GetString(buffer, 0, said.Count);
    }

    private static async Task EchoAsync(HttpContext http)
    {
        if (!http.WebSockets.IsWebSocketRequest)
            return;
        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[256];
        while (await socket.ReceiveAsync(buffer, http.RequestAborted) is { MessageType: not WebSocketMessageType.Close } said)
            await socket.SendAsync(buffer.AsMemory(0, said.Count), said.MessageType, said.EndOfMessage, http.RequestAborted);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
    }
}
