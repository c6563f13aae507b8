using Microsoft.AspNetCore.Http;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.Routing;

public sealed class AnswerHeaderTests(GatewayFixture fixture)
{
    [Fact]
    public async Task What_a_service_says_about_itself_stays_inside_and_the_rest_passes()
    {
        await using var service = await ScriptedService.StartAsync(async http =>
        {
            var headers = http.Response.Headers;
            headers.Server = "inner/1.0";
            headers.XPoweredBy = "inner";
            headers["X-AspNet-Version"] = "10";
            headers.AccessControlAllowOrigin = "*";
            headers.AccessControlAllowCredentials = "true";
            headers.AccessControlExposeHeaders = "ETag";
            headers.KeepAlive = "timeout=5";
            headers.ETag = "\"2f1a\"";
            headers.Link = "</api/v1/brands?after=7>; rel=\"next\"";
            await http.Response.WriteAsync("{}");
        });
        using var gateway = fixture.Gateway(("ReverseProxy:Clusters:catalog:Destinations:catalog:Address", service.Address));
        using var client = gateway.Client(await fixture.Postgres.IssueAsync());
        client.DefaultRequestVersion = new Version(1, 1);
        using var response = await client.GetAsync(new Uri("/api/v1/brands", UriKind.Relative), TestContext.Current.CancellationToken);
        string[] never = ["Server", "X-Powered-By", "X-AspNet-Version", "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Access-Control-Expose-Headers", "Keep-Alive"];
        Assert.All(never, name => Assert.False(response.Headers.Contains(name), name));
        Assert.Equal("\"2f1a\"", response.Header("ETag"));
        Assert.Equal("</api/v1/brands?after=7>; rel=\"next\"", response.Header("Link"));
        Assert.True(response.Headers.Contains("RateLimit"));
    }
}
