using Microsoft.AspNetCore.Http;
using Shabou.ServiceDefaults.Concurrency;

namespace Shabou.ServiceDefaults.Tests.Concurrency;

public sealed class ETagTests
{
    [Theory]
    [InlineData(0u, "\"0\"")]
    [InlineData(12058u, "\"2f1a\"")]
    [InlineData(uint.MaxValue, "\"ffffffff\"")]
    public void A_version_is_a_strong_tag(uint version, string tag) => Assert.Equal(tag, ETags.Of(version));

    [Theory]
    [InlineData("\"2f1a\"", true)]
    [InlineData("\"1\", \"2f1a\"", true)]
    [InlineData("*", true)]
    [InlineData("\"2f1b\"", false)]
    public void If_Match_is_compared_with_the_stored_version(string header, bool matches)
    {
        Assert.True(ExpectedVersion.TryRead(Request("If-Match", header), out var expected, out var refusal));
        Assert.Null(refusal);
        Assert.Equal(matches, expected.Matches(12058));
    }

    [Theory]
    [InlineData(null, 428)]
    [InlineData("", 400)]
    [InlineData("2f1a", 400)]
    [InlineData("W/\"2f1a\"", 400)]
    [InlineData("\"2f1a\", W/\"1\"", 400)]
    [InlineData("\"\"", 400)]
    [InlineData("\"xyz\"", 400)]
    [InlineData("\"-1\"", 400)]
    [InlineData("\"10000000000000000\"", 400)]
    [InlineData("\"2f1a", 400)]
    public void Any_other_If_Match_is_refused(string? header, int status)
    {
        Assert.False(ExpectedVersion.TryRead(Request("If-Match", header), out _, out var refusal));
        Assert.Equal(status, refusal.StatusCode);
    }

    [Theory]
    [InlineData("\"2f1a\"", true)]
    [InlineData("W/\"2f1a\"", true)] // If-None-Match compares weakly
    [InlineData("\"1\", \"2f1a\"", true)]
    [InlineData("*", true)]
    [InlineData("\"1\"", false)]
    [InlineData("nonsense", false)]
    [InlineData(null, false)]
    public void If_None_Match_tells_whether_the_caller_has_it(string? header, bool has) =>
        Assert.Equal(has, ETags.AlreadyHas(Request("If-None-Match", header), 12058));

    private static HttpRequest Request(string name, string? value)
    {
        var http = new DefaultHttpContext();
        if (value is not null)
        {
            http.Request.Headers[name] = value;
        }

        return http.Request;
    }
}
