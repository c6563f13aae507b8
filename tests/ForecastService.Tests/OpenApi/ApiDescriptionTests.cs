using Shabou.Testing.OpenApi;

namespace Shabou.ForecastService.Tests.OpenApi;

public sealed class ApiDescriptionTests(Planner planner) : IClassFixture<Planner>
{
    [Fact]
    public void Every_endpoint_is_below_the_versioned_root() => Assert.Empty(ApiRoot.Strays(planner.Services));

    [Fact]
    public async Task The_description_is_for_everybody_who_reaches_the_service_and_has_a_text_for_each_parameter()
    {
        using var client = planner.Anonymous();
        var operations = await ApiOperation.ReadAllAsync(client, TestContext.Current.CancellationToken);
        Assert.Contains(operations, operation => operation.Id == "ImportDemand");
        Assert.Empty(operations.SelectMany(operation => operation.Parameters.Where(p => string.IsNullOrEmpty(p.Description)).Select(p => $"{operation.Id}.{p.Name}")));
    }

    [Fact]
    public async Task Writes_that_say_so_need_the_version_and_the_others_do_not()
    {
        foreach (var operation in (await ApiOperation.ReadAllAsync(planner.Client, TestContext.Current.CancellationToken)).Where(o => o.Method is "PUT" or "PATCH" or "DELETE"))
        {
            if (operation.Id is "PutOverride" or "DeleteOverride" or "PutPlanning") continue; // the part is looked for first, the first only replaces what is stored, and a plan's body is read first
            using var request = operation.Request(p => p.In == "header" ? null : p.Name == "period" ? "2026-12-01" : p.Example);
            using var response = await planner.Client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.True(operation.Parameters.Any(p => p.Name == "If-Match") == ((int)response.StatusCode == 428) || response.StatusCode == System.Net.HttpStatusCode.NotFound,
                $"{operation.Method} {operation.Path} answered {(int)response.StatusCode} without If-Match; mark it WithoutVersion(), or make it need one.");
        }
    }
}
