using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.ServiceDefaults.Tests;

internal static class ProblemBody
{
    /// <summary>The answer's problem, after checking what every problem must have and must not say.</summary>
    public static async Task<JsonElement> ReadProblemAsync(this HttpResponseMessage response, string kind, HttpStatusCode status)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal($"/problems/{kind}", problem.GetProperty("type").GetString());
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        Assert.Equal(ProblemTypes.All.Single(type => type.Kind == kind).Category, problem.GetProperty("category").GetString());
        Assert.Equal(response.Headers.GetValues("X-Request-ID").Single(), problem.GetProperty("requestId").GetString());
        Assert.Matches("^[0-9a-f]{32}$", problem.GetProperty("traceId").GetString());
        foreach (var leak in (string[])["Exception", "   at ", "Shabou.", "System.", "SELECT", "/home/", ".cs:"])
        {
            Assert.DoesNotContain(leak, text, StringComparison.Ordinal);
        }

        return problem;
    }
}
