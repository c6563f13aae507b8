using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Shabou.ServiceDefaults.Auth;
using Shabou.ServiceDefaults.Paging;
using Shabou.Testing;

namespace Shabou.ServiceDefaults.Tests.Paging;

public sealed class CursorTests
{
    private sealed record Position(string Name, Guid Id);

    private static readonly Position Last = new("فرامل / frein", Guid.CreateVersion7());

    [Fact]
    public void A_cursor_is_read_back_on_another_replica()
    {
        var cursor = Cursors().Write("products", Last);
        Assert.True(Cursors().TryRead<Position>("products", cursor, out var position, out _));
        Assert.Equal(Last, position);
        Assert.Equal(cursor, Uri.EscapeDataString(cursor)); // goes into an address as it is
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void No_cursor_is_the_start(string? cursor)
    {
        Assert.True(Cursors().TryRead<Position>("products", cursor, out var position, out _));
        Assert.Null(position);
    }

    [Fact]
    public void A_cursor_with_any_character_changed_is_refused()
    {
        var cursor = Cursors().Write("products", Last);
        for (var at = 0; at < cursor.Length; at++)
        {
            var changed = new StringBuilder(cursor) { [at] = cursor[at] == 'A' ? 'Q' : 'A' }.ToString();
            AssertRefused(Cursors(), "products", changed);
        }
    }

    [Fact]
    public void A_cursor_of_another_list_or_another_key_is_refused()
    {
        AssertRefused(Cursors(), "brands", Cursors().Write("products", Last));
        AssertRefused(Cursors("another key of at least thirty-two letters"), "products", Cursors().Write("products", Last));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("thirty-one characters are short")]
    public async Task Without_a_key_the_host_does_not_start(string? key)
    {
        await using var app = TestApp.Build(_ => { }, builder => builder.AllowAnonymousCallers().AddCursors(), settings: ("Cursors:Key", key));
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync(TestContext.Current.CancellationToken));
        Assert.StartsWith("Cursors:Key is missing or shorter than 32 characters", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("!!")]
    [InlineData("AAAA")]
    public void Nonsense_is_refused(string cursor) => AssertRefused(Cursors(), "products", cursor);

    [Fact]
    public void A_very_long_cursor_is_refused() => AssertRefused(Cursors(), "products", new string('A', 100_000));

    [Fact]
    public void A_position_of_another_form_is_refused() => AssertRefused(Cursors(), "products", Cursors().Write("products", 42));

    [Theory]
    [InlineData(null, Pages.DefaultSize)]
    [InlineData(1, 1)]
    [InlineData(100, 100)]
    public void A_page_has_1_to_100_rows(int? asked, int expected)
    {
        Assert.True(Pages.TryReadSize(asked, out var size, out _));
        Assert.Equal(expected, size);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(101)]
    public void Any_other_size_is_refused_by_name(int asked)
    {
        Assert.False(Pages.TryReadSize(asked, out _, out var refusal));
        Assert.Equal(400, refusal.StatusCode);
        Assert.Contains("size", refusal.ProblemDetails.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void The_row_too_many_becomes_the_next_page()
    {
        var http = new DefaultHttpContext();
        http.Request.Path = "/api/v1/products";
        http.Request.QueryString = new QueryString("?q=frein%20avant&size=2&after=old");
        var page = Pages.Cut(http, [1, 2, 3], size: 2, row => $"after-{row}");
        Assert.Equal([1, 2], page.Items);
        Assert.Equal("after-2", page.Next);
        Assert.Equal("</api/v1/products?q=frein%20avant&size=2&after=after-2>; rel=\"next\"", http.Response.Headers["Link"]);
    }

    [Fact]
    public void The_last_page_has_no_next()
    {
        var http = new DefaultHttpContext();
        Assert.Null(Pages.Cut(http, [1, 2], size: 2, row => $"after-{row}").Next);
        Assert.False(http.Response.Headers.ContainsKey("Link"));
    }

    private static void AssertRefused(Cursors cursors, string list, string cursor)
    {
        Assert.False(cursors.TryRead<Position>(list, cursor, out var position, out var refusal));
        Assert.Null(position);
        Assert.Equal(400, refusal.StatusCode);
        Assert.Equal("/problems/validation", refusal.ProblemDetails.Type);
    }

    private static Cursors Cursors(string key = TestTokens.CursorKey) => new(Options.Create(new CursorOptions { Key = key }));
}
