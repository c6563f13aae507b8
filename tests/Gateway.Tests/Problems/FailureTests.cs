using System.Net;
using System.Text;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.Problems;

public sealed class FailureTests(GatewayFixture fixture) : IDisposable
{
    private readonly GatewayHost _gateway = fixture.Gateway(
        services => services.AddSingleton<IStartupFilter, Failures>(), ("RateLimits:Policies:default:Requests", "10000"), ("ProblemAlerts:Tick", "00:01:00"));

    public static TheoryData<string> Cases => [.. Failures.All.Keys];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Cases))]
    public async Task Each_class_of_failure_has_its_status_and_category_and_tells_nothing_of_the_inside(string name)
    {
        var (_, kind, status) = Failures.All[name];
        using var client = _gateway.Client(await fixture.Postgres.IssueAsync());
        using var response = await client.GetAsync(new Uri(Failures.Prefix + name, UriKind.Relative), Cancelled);
        await response.ProblemAsync((HttpStatusCode)status, kind, mayHaveNoDetail: true);
        var body = await response.Content.ReadAsStringAsync(Cancelled);
        foreach (var inside in (string[])["SELECT", "/home", ".cs", "Exception", "Shabou.", "System.", "   at "])
            Assert.DoesNotContain(inside, body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_fails_after_it_began_is_broken_off_and_tells_nothing_more()
    {
        using var client = _gateway.Client(await fixture.Postgres.IssueAsync());
        using var response = await client.GetAsync(new Uri(Failures.Prefix + Failures.Late, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancelled);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await using var body = await response.Content.ReadAsStreamAsync(Cancelled);
        using var kept = new MemoryStream();
        await Assert.ThrowsAnyAsync<IOException>(() => body.CopyToAsync(kept, Cancelled));
        Assert.StartsWith(Encoding.UTF8.GetString(kept.ToArray()), "the first part", StringComparison.Ordinal); // a reset may overtake it
    }

    [Theory]
    [InlineData("GET", "/nothing", null, HttpStatusCode.NotFound, "not-found")]
    [InlineData("DELETE", "/api/v1/me", null, HttpStatusCode.MethodNotAllowed, "method-not-allowed")]
    [InlineData("POST", "/problems", null, HttpStatusCode.MethodNotAllowed, "method-not-allowed")]
    [InlineData("GET", "/nothing", "text/html", HttpStatusCode.NotFound, "not-found")]
    public async Task What_routing_refuses_is_a_problem_too(string method, string path, string? accept, HttpStatusCode status, string kind)
    {
        using var client = _gateway.Client(await fixture.Postgres.IssueAsync());
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Version = HttpVersion.Version20 };
        if (accept is not null)
            request.Headers.Accept.ParseAdd(accept);
        using var response = await client.SendAsync(request, Cancelled);
        await response.ProblemAsync(status, kind, mayHaveNoDetail: true);
    }

    public void Dispose() => _gateway.Dispose();
}
