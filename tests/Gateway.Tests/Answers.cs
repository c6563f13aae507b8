using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.Gateway.Tests;

internal static class Answers
{
    /// <summary>The answer is a problem of this status and kind, with the ids that a caller quotes.</summary>
    internal static async Task<string> ProblemAsync(this HttpResponseMessage response, HttpStatusCode status, string kind)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.Equal($"/problems/{kind}", problem.GetProperty("type").GetString());
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        Assert.Equal(ProblemTypes.All.Single(type => type.Kind == kind).Category, problem.GetProperty("category").GetString());
        Assert.Matches("^[0-9a-f]{32}$", problem.GetProperty("traceId").GetString());
        Assert.Equal(response.Headers.GetValues("X-Request-ID").Single(), problem.GetProperty("requestId").GetString());
        return problem.GetProperty("detail").GetString()!;
    }

    internal static string Header(this HttpResponseMessage response, string name) => string.Join(", ", response.Headers.GetValues(name));
}
