using Shabou.ForecastService.Parts;

namespace Shabou.ForecastService.Tests.Parts;

public sealed class SupersessionsTests
{
    [Theory]
    [InlineData("A>B", "A>B")]
    [InlineData("A>B,B>C", "A>C,B>C")]
    [InlineData("A>C,B>C", "A>C,B>C")]
    [InlineData("A>B,B>A", "")]
    [InlineData("A>B,B>C,C>B,D>E", "D>E")] // A leads into a circle and ends nowhere
    [InlineData("A>A", "")]
    public void A_replaced_part_flows_to_the_end_of_its_chain(string replacements, string expected)
    {
        var resolved = Supersessions.Resolve(replacements.Split(',').Select(r => r.Split('>')).ToDictionary(r => r[0], r => r[1]));
        Assert.Equal(expected, string.Join(',', resolved.OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => $"{r.Key}>{r.Value}")));
    }

    [Fact]
    public void A_long_chain_is_followed()
    {
        var chain = Enumerable.Range(0, 2_000).ToDictionary(i => $"{i}", i => $"{i + 1}");
        Assert.All(Supersessions.Resolve(chain).Values, last => Assert.Equal("2000", last));
    }
}
