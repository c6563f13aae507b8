using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Primitives;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.ServiceDefaults.Paging;

/// <summary>One page of a list.</summary>
/// <param name="Next">Send it as <c>after</c> for the next page; null on the last one.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>How lists are cut into pages.</summary>
public static class Pages
{
    public const int DefaultSize = 50;
    public const int LargestSize = 100;

    /// <summary>The page size asked for, 1 to 100, or a 400 that names <c>size</c>.</summary>
    public static bool TryReadSize(int? asked, out int size, [NotNullWhen(false)] out ProblemHttpResult? refusal)
    {
        size = asked ?? DefaultSize;
        refusal = size is < 1 or > LargestSize ? Problem.Invalid("size", $"must be 1 to {LargestSize}.") : null;
        return refusal is null;
    }

    /// <summary>Makes the page from one row more than asked for: the extra row only tells that there is a next page.</summary>
    /// <param name="http">Gets the <c>Link: rel="next"</c> header.</param>
    /// <param name="rows">At most <paramref name="size"/> + 1 rows.</param>
    /// <param name="size">Rows of a page.</param>
    /// <param name="cursorAfter">The cursor after a row, by <see cref="Cursors.Write"/>.</param>
    public static Page<T> Cut<T>(HttpContext http, IReadOnlyList<T> rows, int size, Func<T, string> cursorAfter)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(cursorAfter);
        if (rows.Count <= size)
        {
            return new Page<T>(rows, null);
        }

        var next = cursorAfter(rows[size - 1]);
        LinkNext(http, next);
        return new Page<T>([.. rows.Take(size)], next);
    }

    /// <summary>Adds <c>Link: &lt;same address, after=next&gt;; rel="next"</c>.</summary>
    public static void LinkNext(HttpContext http, string next)
    {
        ArgumentNullException.ThrowIfNull(http);
        var query = new QueryBuilder(http.Request.Query.Where(pair => pair.Key != "after").SelectMany(pair => pair.Value, (pair, value) => KeyValuePair.Create(pair.Key, value ?? "")))
        {
            { "after", next },
        };
        http.Response.Headers.Append("Link", new StringValues($"<{http.Request.PathBase}{http.Request.Path}{query}>; rel=\"next\""));
    }
}
