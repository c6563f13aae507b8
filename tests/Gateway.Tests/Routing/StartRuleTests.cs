using Microsoft.Extensions.Options;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.Routing;

/// <summary>What the gateway refuses to start with, and the sentence it says.</summary>
public sealed class StartRuleTests(GatewayFixture fixture)
{
    [Theory]
    [InlineData("AuthorizationPolicy", "", "Route 'leads' has no AuthorizationPolicy: set ReverseProxy:Routes:leads:AuthorizationPolicy.")]
    [InlineData("AuthorizationPolicy", "Anonymous", "Route 'leads' is open to everybody: set ReverseProxy:Routes:leads:AuthorizationPolicy to User or Admin.")]
    [InlineData("AuthorizationPolicy", "Everybody", "Authorization policy 'Everybody' not found for route 'leads'.")]
    [InlineData("RateLimiterPolicy", "", "Route 'leads' has no RateLimiterPolicy: set ReverseProxy:Routes:leads:RateLimiterPolicy.")]
    [InlineData("RateLimiterPolicy", "Disable", "Route 'leads' has no limit: set ReverseProxy:Routes:leads:RateLimiterPolicy to one of the limits under RateLimits:Policies.")]
    [InlineData("RateLimiterPolicy", "fast", "Route 'leads' names the limit 'fast', which does not exist: set ReverseProxy:Routes:leads:RateLimiterPolicy to one of default, guessing, login, prospecting, refresh, training, or add RateLimits:Policies:fast.")]
    [InlineData("Timeout", "", "Route 'leads' has no Timeout: set ReverseProxy:Routes:leads:Timeout or TimeoutPolicy.")]
    [InlineData("Timeout", "soon", "ReverseProxy:Routes:leads:Timeout is 'soon', which cannot be read: correct it or take it out.")]
    [InlineData("Timeout", "1.00:00:00", "Route 'leads' has a Timeout of 1.00:00:00: set ReverseProxy:Routes:leads:Timeout above 0 and at most 00:10:00.")]
    [InlineData("ClusterId", "nobody", "Route 'leads' leads to cluster 'nobody', which does not exist: set ReverseProxy:Routes:leads:ClusterId to one of catalog, forecast, prospector.")]
    [InlineData("Match:Metods:0", "GET", "ReverseProxy:Routes:leads:Match:Metods is a setting that nobody reads: correct its name or take it out.")]
    [InlineData("Metadata:WebSockets", "perhaps", "Route 'leads' has WebSockets 'perhaps': set ReverseProxy:Routes:leads:Metadata:WebSockets to true or false.")]
    public void A_route_that_is_not_good_refuses_to_start(string key, string value, string sentence) => Refuses($"Routes:leads:{key}", value, sentence);

    [Theory]
    [InlineData("Match:Path", "/api/{v1", "Invalid path '/api/{v1' for route 'leads'.")]
    [InlineData("Match:Methods:0", "FETCH", "Unsupported HTTP method 'FETCH' has been set for route 'leads'.")]
    public void A_match_that_cannot_be_read_refuses_to_start(string key, string value, string sentence) => Refuses($"Routes:leads:{key}", value, sentence);

    [Theory]
    [InlineData("Destinations:catalog:Address", "catalog", "Destination 'catalog' of cluster 'catalog' has no address: set ReverseProxy:Clusters:catalog:Destinations:catalog:Address to http://..., https://... or https+http://<service>.")]
    [InlineData("Destinations:catalog:Metadata:Weight", "heavy", "Destination 'catalog' of cluster 'catalog' has the weight 'heavy': set ReverseProxy:Clusters:catalog:Destinations:catalog:Metadata:Weight to a number from 0 to 1,000.")]
    [InlineData("Destinations:catalog:Metadata:Canary", "yellow", "Destination 'catalog' of cluster 'catalog' has Canary 'yellow': set ReverseProxy:Clusters:catalog:Destinations:catalog:Metadata:Canary to true or false.")]
    [InlineData("HttpRequest:ActivityTimeout", "01:00:00", "Cluster 'catalog' has an ActivityTimeout of 01:00:00: set ReverseProxy:Clusters:catalog:HttpRequest:ActivityTimeout from 00:00:01 to 00:10:00.")]
    [InlineData("LoadBalancingPolicy", "Luck", "No matching ILoadBalancingPolicy found for the load balancing policy 'Luck' set on the cluster 'catalog'.")]
    public void A_cluster_that_is_not_good_refuses_to_start(string key, string value, string sentence) => Refuses($"Clusters:catalog:{key}", value, sentence);

    [Theory]
    [InlineData("Identity:MasterKey", "", "Identity:MasterKey is missing or shorter than 32 characters")]
    [InlineData("Identity:MasterKey", "short", "Identity:MasterKey")]
    [InlineData("Identity:PreviousMasterKey", "short", "Identity:PreviousMasterKey")]
    [InlineData("Tokens:Issuer", "", "Tokens:Issuer")]
    [InlineData("Tokens:RotateWithin", "00:10:00", "Tokens:RotateWithin")]
    [InlineData("Tokens:PublishBefore", "00:00:10", "Tokens:PublishBefore")]
    [InlineData("Tokens:RevocationsEvery", "00:00:10", "Tokens:RevocationsEvery")]
    [InlineData("RateLimits:Policies:default:Requests", "0", "RateLimits:Policies:default:Requests")]
    [InlineData("RateLimits:Policies:login:PerAccount", "0", "RateLimits:Policies:login:PerAccount")]
    [InlineData("RateLimits:Policies:Very fast:Requests", "5", "RateLimits:Policies:Very fast")]
    [InlineData("RateLimits:Default:Requests", "5", "RateLimits:Default is no longer read: limits are under RateLimits:Policies (default, guessing, login, prospecting, refresh, training)")]
    [InlineData("RateLimits:Replicas", "0", "RateLimits:Replicas")]
    [InlineData("RateLimits:RedisTimeout", "00:01:00", "RateLimits:RedisTimeout")]
    [InlineData("ApiKeys:FreshFor", "01:00:00", "ApiKeys:FreshFor")]
    [InlineData("Transport:MaxConnections", "1", "Transport:MaxConnections")]
    [InlineData("Transport:MaxConnectionsPerNetwork", "0", "Transport:MaxConnectionsPerNetwork")]
    [InlineData("Transport:HeaderTimeout", "00:00:00", "Transport:HeaderTimeout")]
    [InlineData("Transport:GracePeriod", "00:00:01", "Transport:GracePeriod")]
    [InlineData("Transport:TrustedProxies:0", "proxy.example", "Transport:TrustedProxies")]
    [InlineData("Transport:TrustedProxies:0", "0.0.0.0/0", "Transport:TrustedProxies")]
    [InlineData("Resilience:ConnectTimeout", "00:10:00", "Resilience:ConnectTimeout")]
    [InlineData("Resilience:Breaker:Break", "00:00:00", "Resilience:Breaker")]
    [InlineData("Resilience:Retry:Attempts", "3", "Resilience:Retry")]
    [InlineData("Resilience:Ejection:Consecutive", "0", "Resilience:Ejection")]
    [InlineData("Drain:InFlight", "00:00:00", "Drain:InFlight")]
    public void A_setting_out_of_range_refuses_to_start_and_is_named(string key, string value, string named)
    {
        using var gateway = fixture.Gateway((key, value));
        Assert.Contains(named, Assert.Throws<OptionsValidationException>(gateway.StartServer).Message, StringComparison.Ordinal);
    }

    private void Refuses(string key, string value, string sentence)
    {
        using var gateway = fixture.Gateway(($"ReverseProxy:{key}", value));
        Assert.Equal(sentence, Assert.Throws<InvalidOperationException>(gateway.StartServer).Message);
    }
}
