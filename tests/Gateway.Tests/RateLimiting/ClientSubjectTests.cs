using System.Net;
using Shabou.Gateway.RateLimiting;

namespace Shabou.Gateway.Tests.RateLimiting;

public sealed class ClientSubjectTests
{
    [Theory]
    [InlineData("203.0.113.77", "203.0.113.0/24")]
    [InlineData("::ffff:203.0.113.77", "203.0.113.0/24")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData(null, "unknown")]
    public void An_address_counts_as_its_network(string? address, string network) =>
        Assert.Equal(network, ClientSubject.NetworkOf(address is null ? null : IPAddress.Parse(address)));
}
