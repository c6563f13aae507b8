using Microsoft.Extensions.Options;
using Shabou.Gateway.Routing;
using Shabou.Gateway.Tests.Servers;
using Yarp.ReverseProxy.Configuration;

namespace Shabou.Gateway.Tests.Routing;

/// <summary>What the gateway refuses to start with, and the sentence it says.</summary>
public sealed class StartRuleTests(GatewayFixture fixture)
{
    [Theory]
    [InlineData("AuthorizationPolicy", "", "Route 'leads' has no AuthorizationPolicy: set ReverseProxy:Routes:leads:AuthorizationPolicy.")]
    [InlineData("AuthorizationPolicy", "Anonymous", "Route 'leads' is open to everybody: set ReverseProxy:Routes:leads:AuthorizationPolicy to User or Admin.")]
    [InlineData("RateLimiterPolicy", "", "Route 'leads' has no RateLimiterPolicy: set ReverseProxy:Routes:leads:RateLimiterPolicy.")]
    [InlineData("RateLimiterPolicy", "Disable", "Route 'leads' has no limit: set ReverseProxy:Routes:leads:RateLimiterPolicy to default or costly.")]
    [InlineData("Timeout", "", "Route 'leads' has no Timeout: set ReverseProxy:Routes:leads:Timeout or TimeoutPolicy.")]
    public void A_route_without_a_policy_refuses_to_start(string key, string value, string sentence)
    {
        using var gateway = fixture.Gateway(($"ReverseProxy:Routes:leads:{key}", value));
        Assert.Equal(sentence, Assert.Throws<InvalidOperationException>(gateway.StartServer).Message);
    }

    [Fact]
    public async Task A_change_of_configuration_is_held_to_the_same_rules()
    {
        var rules = new RouteRules();
        var whole = new RouteConfig { RouteId = "new", AuthorizationPolicy = "User", RateLimiterPolicy = "default", TimeoutPolicy = "short" };
        Assert.Same(whole, await rules.ConfigureRouteAsync(whole, null, TestContext.Current.CancellationToken));
        RouteConfig[] lacking =
        [
            whole with { AuthorizationPolicy = null }, whole with { AuthorizationPolicy = "anonymous" }, whole with { RateLimiterPolicy = null },
            whole with { RateLimiterPolicy = "disable" }, whole with { TimeoutPolicy = null }, whole with { TimeoutPolicy = "disable" },
        ];
        foreach (var route in lacking)
            await Assert.ThrowsAsync<InvalidOperationException>(() => rules.ConfigureRouteAsync(route, null, TestContext.Current.CancellationToken).AsTask());
    }

    [Theory]
    [InlineData("Identity:MasterKey", "", "Identity:MasterKey is missing or shorter than 32 characters")]
    [InlineData("Identity:MasterKey", "short", "Identity:MasterKey")]
    [InlineData("Identity:PreviousMasterKey", "short", "Identity:PreviousMasterKey")]
    [InlineData("Tokens:Issuer", "", "Tokens:Issuer")]
    [InlineData("Tokens:RotateWithin", "00:10:00", "Tokens:RotateWithin")]
    [InlineData("Tokens:PublishBefore", "00:00:10", "Tokens:PublishBefore")]
    [InlineData("Tokens:RevocationsEvery", "00:00:10", "Tokens:RevocationsEvery")]
    [InlineData("RateLimits:Default:Requests", "0", "RateLimits:{Default,Costly}:Requests")]
    [InlineData("RateLimits:Replicas", "0", "RateLimits:Replicas")]
    [InlineData("RateLimits:RedisTimeout", "00:01:00", "RateLimits:RedisTimeout")]
    [InlineData("ApiKeys:FreshFor", "01:00:00", "ApiKeys:FreshFor")]
    [InlineData("Transport:MaxConnections", "1", "Transport:MaxConnections")]
    public void A_setting_out_of_range_refuses_to_start_and_is_named(string key, string value, string named)
    {
        using var gateway = fixture.Gateway((key, value));
        Assert.Contains(named, Assert.Throws<OptionsValidationException>(gateway.StartServer).Message, StringComparison.Ordinal);
    }
}
