using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Shabou.ServiceDefaults.Problems;

/// <summary>Problems as endpoints return them: <c>return Problem.NotFound("product", id);</c></summary>
public static class Problem
{
    /// <summary>A problem of this type. The detail names the thing and what the caller can do; it never has secrets, SQL, paths or type names.</summary>
    public static ProblemHttpResult Of(ProblemType type, string? detail = null) => TypedResults.Problem(Details(type, detail));

    /// <summary>404: <c>There is no product 42.</c></summary>
    public static ProblemHttpResult NotFound(string thing, object id) => Of(ProblemTypes.NotFound, $"There is no {thing} {id}.");

    /// <summary>400 that names one parameter or member and says what it must be.</summary>
    public static ProblemHttpResult Invalid(string name, string remedy) => Invalid(new Dictionary<string, string[]> { [name] = [remedy] });

    /// <summary>400 with every wrong parameter or member and what each must be, under <c>errors</c>.</summary>
    public static ProblemHttpResult Invalid(IDictionary<string, string[]> errors) => WithErrors(ProblemTypes.Validation, errors);

    /// <summary>422 with every member that is well formed but names something unknown, or cannot be right, and the remedy, under <c>errors</c>.</summary>
    public static ProblemHttpResult Unprocessable(IDictionary<string, string[]> errors) => WithErrors(ProblemTypes.Unprocessable, errors);

    /// <summary>422 that names one member.</summary>
    public static ProblemHttpResult Unprocessable(string name, string remedy) => Unprocessable(new Dictionary<string, string[]> { [name] = [remedy] });

    private static ProblemHttpResult WithErrors(ProblemType type, IDictionary<string, string[]> errors)
    {
        var problem = Details(type, string.Join(' ', errors.Select(error => $"{error.Key}: {string.Join(' ', error.Value)}")));
        problem.Extensions["errors"] = errors;
        return TypedResults.Problem(problem);
    }

    internal static ProblemDetails Details(ProblemType type, string? detail = null) =>
        new() { Type = type.Uri, Title = type.Title, Status = type.Status, Detail = detail };
}
