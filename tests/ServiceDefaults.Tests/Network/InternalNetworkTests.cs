using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Shabou.ServiceDefaults.Auth;
using Shabou.ServiceDefaults.Network;
using Shabou.Testing;

namespace Shabou.ServiceDefaults.Tests.Network;

public sealed class InternalNetworkTests
{
    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://[::]:0")]
    [InlineData("http://*:0")]
    [InlineData("http://catalog:0")] // Kestrel takes a name for every address
    public async Task A_service_that_would_listen_everywhere_does_not_start(string url)
    {
        await using var app = Build(url);
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => app.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains("Network:AnyAddress", error.Message, StringComparison.Ordinal);
        Assert.Contains("ASPNETCORE_URLS", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_container_it_may_when_that_is_said()
    {
        await using var app = Build("http://0.0.0.0:0", ("Network:AnyAddress", "true"));
        await app.StartAsync(TestContext.Current.CancellationToken);
        Assert.NotEmpty(app.Urls);
    }

    [Theory]
    [InlineData("http://127.0.0.1:5000", true)]
    [InlineData("https://localhost:5000", true)]
    [InlineData("http://[::1]:5000", true)]
    [InlineData("http://10.1.2.3:80", true)]
    [InlineData("http://172.16.0.1", true)]
    [InlineData("http://172.31.255.254", true)]
    [InlineData("http://192.168.1.1", true)]
    [InlineData("http://169.254.1.1", true)]
    [InlineData("http://[fd00::1]:80", true)]
    [InlineData("http://[fe80::1]:80", true)]
    [InlineData("http://[::ffff:10.0.0.1]:80", true)]
    [InlineData("http://unix:/run/catalog.sock", true)]
    [InlineData("http://172.32.0.1", false)]
    [InlineData("http://192.169.1.1", false)]
    [InlineData("http://11.0.0.1", false)]
    [InlineData("https://41.226.1.2:443", false)]
    [InlineData("http://[2001:db8::1]:80", false)]
    [InlineData("http://[::ffff:8.8.8.8]:80", false)]
    [InlineData("http://catalog.example", false)]
    public void Loopback_and_private_addresses_are_internal(string address, bool isInternal)
    {
        Assert.Equal(isInternal, InternalNetwork.IsInternal(address, anyAddress: false));
        Assert.Equal(isInternal, InternalNetwork.IsInternal(address, anyAddress: true)); // a public address is public in a container too
    }

    private static WebApplication Build(string url, params (string Key, string? Value)[] settings) => TestApp.Build(_ => { }, builder =>
    {
        builder.AddServiceAuth(TestApp.Audience);
        builder.WebHost.UseUrls(url);
    }, settings: [("Tokens:KeySet", TestTokens.KeySet), .. settings]);
}
