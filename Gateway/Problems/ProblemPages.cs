using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Shabou.Gateway.Identity;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.Gateway.Problems;

/// <summary>Where the <c>type</c> of a problem leads: a page for people, the same as JSON for programs. Open to everybody, since a caller
/// who is not known must be able to read why.</summary>
internal static class ProblemPages
{
    private const string Html = "text/html";
    private const string Json = "application/json";

    internal static void MapProblemPages(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("").AllowAnonymous().WithTags("Problems");
        pages.MapGet(AnonymousEndpoints.Problems, List).WithName("ListProblems").ExcludeFromDescription();
        pages.MapGet(AnonymousEndpoints.Problem, Get).WithName("GetProblem").ExcludeFromDescription();
    }

    private static Results<ContentHttpResult, Ok<ProblemList>> List(HttpContext http) =>
        IsForPeople(http) ? ProblemHtml.OfList(http) : TypedResults.Ok(ProblemList.All);

    private static Results<ContentHttpResult, Ok<ProblemPage>, ProblemHttpResult> Get(string kind, HttpContext http)
    {
        if (ProblemTypes.All.FirstOrDefault(type => type.Kind == kind) is not { } known)
            return Unknown();
        return IsForPeople(http) ? ProblemHtml.Of(http, known) : TypedResults.Ok(ProblemPage.Of(known));
    }

    private static ProblemHttpResult Unknown() => Problem.Of(ProblemTypes.NotFound,
        $"There is no such problem type. Known are: {string.Join(", ", ProblemTypes.All.Select(type => type.Kind))}.");

    // A browser names HTML before the rest; a program that says nothing gets JSON.
    private static bool IsForPeople(HttpContext http)
    {
        http.Response.Headers.Vary = HeaderNames.Accept;
        http.Response.Headers.CacheControl = "public, max-age=300";
        var accepted = http.Request.GetTypedHeaders().Accept;
        return Weight(accepted, Html) is var html && html > 0 && html >= Weight(accepted, Json);
    }

    private static double Weight(IEnumerable<MediaTypeHeaderValue> accepted, string type) =>
        accepted.Where(value => value.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase)).Select(value => value.Quality ?? 1).DefaultIfEmpty(0).Max();
}
