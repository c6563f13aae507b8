using System.Text.RegularExpressions;

namespace Shabou.EndToEnd.Tests;

public sealed partial class RequestIdTests(ShabouApp app)
{
    [Fact]
    public async Task A_request_id_comes_back_and_stands_in_the_logs_of_two_services_under_one_trace()
    {
        using var client = await app.NewClientAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/brands");
        request.Headers.Add("X-Request-ID", "journey-request-id");
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal("journey-request-id", Assert.Single(response.Headers.GetValues("X-Request-ID")));
        var gateway = await app.Logs.WaitForAsync("gateway", "journey-request-id", "/api/v1/brands");
        var catalog = await app.Logs.WaitForAsync("catalog", "journey-request-id", "/api/v1/brands");
        Assert.Equal(TraceId().Match(gateway).Value, TraceId().Match(catalog).Value);
        Assert.NotEmpty(TraceId().Match(gateway).Value);
    }

    [GeneratedRegex("(?<=[Tt]raceId[:=\" ]+)[0-9a-f]{32}")]
    private static partial Regex TraceId();
}
