using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Shabou.ServiceDefaults.Secrets;

namespace Shabou.ServiceDefaults.Tests.Secrets;

public sealed class SecretTests
{
    private const string Value = "C4nary-of-the-secret-type";

    [Fact]
    public void A_secret_prints_as_stars_however_it_is_printed()
    {
        var secret = new Secret(Value);
        string[] printed = [$"{secret}", $"{secret:x}", string.Concat("key ", secret), secret.ToString(), JsonSerializer.Serialize(new { secret }), $"{new { secret }}"];
        Assert.All(printed, text => Assert.Contains("***", text, StringComparison.Ordinal));
        Assert.All(printed, text => Assert.DoesNotContain("C4nary", text, StringComparison.Ordinal));
        Assert.Equal(Value, secret.Reveal());
    }

    [Fact]
    public void Secrets_are_equal_by_value_and_their_hash_tells_nothing()
    {
        Assert.Equal(new Secret(Value), new Secret(Value));
        Assert.NotEqual(new Secret(Value), new Secret(Value + "."));
        Assert.Equal(new Secret(Value).GetHashCode(), new Secret("another one").GetHashCode());
    }

    [Theory]
    [InlineData(Value, true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Options_bind_to_it_and_an_empty_value_is_none(string? configured, bool isThere)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Store:Key", configured)]).Build();
        var store = configuration.GetSection("Store").Get<Store>() ?? new Store();
        Assert.Equal(isThere ? new Secret(Value) : null, store.Key);
    }

    private sealed class Store
    {
        public Secret? Key { get; set; }
    }
}
