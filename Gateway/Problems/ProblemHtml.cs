using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.Gateway.Problems;

/// <summary>The pages of problem types for people. They are made once and need nothing from elsewhere.</summary>
internal static class ProblemHtml
{
    private static readonly string Frame = Read();

    /// <summary>Only the page's own style may apply; it is named by its hash.</summary>
    private static readonly string ContentSecurityPolicy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style())))}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly Lazy<string> List = new(() => Page("What can go wrong", ListContent()));

    private static readonly Dictionary<string, Lazy<string>> Pages = ProblemList.All.Items
        .ToDictionary(page => page.Type, page => new Lazy<string>(() => Page(page.Title, Content(page))), StringComparer.Ordinal);

    internal static ContentHttpResult OfList(HttpContext http) => Answer(http, List.Value);

    internal static ContentHttpResult Of(HttpContext http, ProblemType type) => Answer(http, Pages[type.Uri].Value);

    private static ContentHttpResult Answer(HttpContext http, string page)
    {
        http.Response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        return TypedResults.Text(page, "text/html", Encoding.UTF8);
    }

    private static string Content(ProblemPage page) => $"""
        <p class="marks"><span>{page.Status} {Encode(StatusWords(page.Status))}</span><span>{Encode(page.Category)}</span><span><code>{Encode(page.Type)}</code></span></p>
        <p>{Encode(page.Description)}</p>
        <h2>Why</h2>
        <ul>{Items(page.Causes)}</ul>
        <h2>What to do</h2>
        <ul>{Items(page.Remedies)}</ul>
        """;

    private static string ListContent()
    {
        var rows = ProblemList.All.Items.Select(page =>
            $"""<tr><th>{page.Status}</th><td><a href="{Encode(page.Type)}"><code>{Encode(page.Type)}</code></a></td><td>{Encode(page.Title)}</td><td>{Encode(page.Category)}</td></tr>""");
        return $"""
            <p>Every refusal and failure is <code>application/problem+json</code> whose <code>type</code> is one of these. The category says who has to act.</p>
            <table>{string.Concat(rows)}</table>
            """;
    }

    private static string Page(string title, string content) => Frame
        .Replace("{title}", Encode(title.TrimEnd('.')), StringComparison.Ordinal).Replace("{content}", content, StringComparison.Ordinal);

    private static string Items(IEnumerable<string> sentences) => string.Concat(sentences.Select(sentence => $"<li>{Encode(sentence)}</li>"));

    private static string StatusWords(int status) => Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status);

    private static string Encode(string text) => WebUtility.HtmlEncode(text);

    private static string Style()
    {
        var start = Frame.IndexOf("<style>", StringComparison.Ordinal) + "<style>".Length;
        return Frame[start..Frame.IndexOf("</style>", StringComparison.Ordinal)];
    }

    private static string Read()
    {
        using var page = typeof(ProblemHtml).Assembly.GetManifestResourceStream("problem.html")!;
        using var reader = new StreamReader(page, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
