using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Shabou.Gateway.Cors;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.Cors;

/// <summary>Origins that the gateway refuses to start with, and the sentence it says.</summary>
public sealed class OriginRuleTests(GatewayFixture fixture)
{
    private const string Key = "Cors:Origins:0";

    // The database that production demands; the start ends before anybody asks it.
    private static readonly TestCertificate Certificate = new();
    private static readonly string Database = $"Host=127.0.0.1;Database=shabou;Username=gateway;SSL Mode=VerifyFull;Root Certificate={Certificate.AuthorityPath}";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("*", "name each origin instead of a wildcard")]
    [InlineData("https://*.shabouautopieces.tn", "name each origin instead of a wildcard")]
    [InlineData("null", "take it out, since any sandboxed page can send it")]
    [InlineData("", "take it out, since any sandboxed page can send it")]
    [InlineData("http://shabouautopieces.tn", "use https, as http pages can be changed by anybody on the way")]
    [InlineData("https://shabouautopieces.tn/", "leave out the slash at the end")]
    [InlineData("https://shabouautopieces.tn/shop", "leave out everything after the host")]
    [InlineData("https://shabouautopieces.tn?a=b", "leave out everything after the host")]
    [InlineData("https://shabouautopieces.tn#a", "leave out everything after the host")]
    [InlineData("https://user@shabouautopieces.tn", "leave out the user")]
    [InlineData("https://Shabouautopieces.tn", "write https://shabouautopieces.tn")]
    [InlineData("HTTPS://shabouautopieces.tn", "write https://shabouautopieces.tn")]
    [InlineData("https://shabouautopieces.tn:443", "write https://shabouautopieces.tn")]
    [InlineData(" https://shabouautopieces.tn", "write https://shabouautopieces.tn")]
    [InlineData("https://shabouautopieces.tn.", "leave out the dot at the end")]
    [InlineData("https://shabouautopièces.tn", "write the host in its ASCII form, with xn--")]
    [InlineData("shabouautopieces.tn", "begin with https:// and a host")]
    [InlineData("ftp://shabouautopieces.tn", "begin with https:// and a host")]
    [InlineData("https://", "begin with https:// and a host")]
    public void What_no_browser_sends_or_anybody_can_send_refuses_to_start(string origin, string remedy)
    {
        using var gateway = fixture.Gateway(("environment", "Production"), ("ConnectionStrings:shabou", Database), (Key, origin), ("Cors:Origins:1", "https://good.example"));
        var sentence = Assert.Throws<OptionsValidationException>(gateway.StartServer).Message;
        Assert.Equal($"Cors:Origins:0 is '{origin}': {remedy}; an origin is scheme, host and port as browsers send them, such as https://shabouautopieces.tn.", sentence);
    }

    [Theory]
    [InlineData("", "Cors:Origins is empty")]
    [InlineData("https://shabouautopieces.tn", "Cors:Origins is one text")]
    public void A_list_that_is_none_refuses_to_start(string value, string sentence)
    {
        using var gateway = fixture.Gateway(("Cors:Origins", value));
        Assert.StartsWith(sentence, Assert.Throws<OptionsValidationException>(gateway.StartServer).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_setting_the_shop_alone_may_call()
    {
        using var gateway = fixture.Gateway();
        gateway.StartServer();
        Assert.Equal(["https://shabouautopieces.tn", "https://www.shabouautopieces.tn"], gateway.Services.GetRequiredService<IOptions<OriginOptions>>().Value.Origins);
    }

    [Fact]
    public async Task A_list_takes_the_place_of_the_default_and_may_name_http_in_development()
    {
        using var gateway = fixture.Gateway((Key, "http://localhost:3000"), ("Cors:Origins:1", "https://xn--shabou-9ua.example:8443"));
        using var client = gateway.Client();
        Assert.Equal("http://localhost:3000", await AllowedAsync("http://localhost:3000"));
        Assert.Equal("https://xn--shabou-9ua.example:8443", await AllowedAsync("https://xn--shabou-9ua.example:8443"));
        Assert.Null(await AllowedAsync("https://shabouautopieces.tn"));

        async Task<string?> AllowedAsync(string origin)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/alive", UriKind.Relative));
            request.Headers.Add("Origin", origin);
            using var response = await client.SendAsync(request, Cancelled);
            return response.Headers.TryGetValues("Access-Control-Allow-Origin", out var values) ? values.Single() : null;
        }
    }

    [Fact]
    public async Task The_process_of_a_gateway_open_to_every_page_says_one_sentence_and_ends_with_a_code_that_is_not_0()
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Shabou.Gateway.Resilience.ResilienceOptions).Assembly.Location]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in (ReadOnlySpan<(string, string)>)
                 [
                     ("ASPNETCORE_URLS", "http://127.0.0.1:0"), ("Identity__MasterKey", GatewayHost.MasterKey), ("ConnectionStrings__shabou", Database),
                     ("ConnectionStrings__redis", fixture.Redis), ("Cors__Origins__0", "*"),
                 ])
            start.Environment[key] = value;
        using var process = Process.Start(start)!;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(Cancelled), process.StandardError.ReadToEndAsync(Cancelled));
        await process.WaitForExitAsync(Cancelled);
        Assert.NotEqual(0, process.ExitCode);
        Assert.StartsWith("Gateway does not start: Cors:Origins:0 is '*': name each origin instead of a wildcard", Assert.Single(said[1].Trim().Split('\n')), StringComparison.Ordinal);
    }
}
