using System.Net;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.Transport;

public sealed class AcmeChallengeTests : IDisposable
{
    private const string Token = "LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0";
    private const string Answer = Token + ".9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("shabou-acme-");
    private readonly GatewayHost _gateway;

    public AcmeChallengeTests(GatewayFixture fixture)
    {
        var inside = _folder.CreateSubdirectory("challenges").FullName;
        File.WriteAllText(Path.Combine(inside, Token), Answer);
        File.WriteAllText(Path.Combine(inside, "password"), "not an answer");
        File.WriteAllText(Path.Combine(inside, "large"), "large." + new string('a', 2_000));
        File.WriteAllText(Path.Combine(_folder.FullName, Token), Answer);
        _gateway = fixture.Gateway(("Transport:AcmeChallengeFolder", inside));
        Unset = fixture.Gateway();
    }

    private GatewayHost Unset { get; }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _gateway.Dispose();
        Unset.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task The_answer_to_a_challenge_is_served_over_plain_http_to_anybody()
    {
        using var client = _gateway.Client(address: _gateway.Http);
        Assert.Equal(Answer, await client.GetStringAsync(new Uri($"/.well-known/acme-challenge/{Token}", UriKind.Relative), Cancelled));
    }

    [Theory]
    [InlineData("nobody-wrote-this")]
    [InlineData("password")]
    [InlineData("large")]
    [InlineData("..%2F" + Token)]
    [InlineData("%2e%2e/" + Token)]
    [InlineData("..%5C" + Token)]
    [InlineData(Token + "%00")]
    [InlineData(Token + "%0A")]
    [InlineData(Token + ".txt")]
    [InlineData("")]
    public async Task Nothing_else_in_the_folder_or_around_it_is(string path)
    {
        var (status, body) = await GetAsync(_gateway, $"/.well-known/acme-challenge/{path}");
        Assert.True(status is HttpStatusCode.NotFound or HttpStatusCode.BadRequest or HttpStatusCode.PermanentRedirect or HttpStatusCode.Unauthorized, $"{status}");
        Assert.DoesNotContain("not an answer", body, StringComparison.Ordinal);
        Assert.DoesNotContain(Answer, body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_folder_there_is_no_answer_to_any_challenge() =>
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(Unset, $"/.well-known/acme-challenge/{Token}")).Status);

    [Theory]
    [InlineData("GET", "X-Api-Key")]
    [InlineData("POST", "Accept")]
    public async Task The_path_is_no_way_around_https(string method, string header)
    {
        using var client = _gateway.Client(address: _gateway.Http);
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri($"/.well-known/acme-challenge/{Token}", UriKind.Relative)) { Version = HttpVersion.Version11 };
        request.Headers.TryAddWithoutValidation(header, "*/*");
        using var response = await client.SendAsync(request, Cancelled);
        await response.ProblemAsync(HttpStatusCode.Forbidden, "https-required");
    }

    private static async Task<(HttpStatusCode Status, string Body)> GetAsync(GatewayHost gateway, string path)
    {
        using var client = gateway.Client(address: gateway.Http);
        // As written: Uri would resolve the dots by itself.
        var uri = new Uri(gateway.Http.GetLeftPart(UriPartial.Authority) + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(HttpMethod.Get, uri) { Version = HttpVersion.Version11 };
        using var response = await client.SendAsync(request, Cancelled);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancelled));
    }
}
