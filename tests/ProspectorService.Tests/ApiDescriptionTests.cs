using Shabou.Testing;
using Shabou.Testing.OpenApi;

namespace Shabou.ProspectorService.Tests;

public sealed class ApiDescriptionTests(TestServers servers)
{
    [Fact]
    public async Task Every_endpoint_is_below_the_versioned_root()
    {
        await using var rig = await Rig.NewAsync(servers);
        Assert.Empty(ApiRoot.Strays(rig.Start().Services));
    }

    [Fact]
    public async Task Each_parameter_has_a_text_and_writes_that_say_so_need_the_version()
    {
        await using var rig = await Rig.NewAsync(servers);
        using var client = rig.Start().SignedIn();
        var operations = await ApiOperation.ReadAllAsync(client, TestContext.Current.CancellationToken);
        Assert.Contains(operations, operation => operation.Id == "EditLead");
        Assert.Empty(operations.SelectMany(operation => operation.Parameters.Where(p => string.IsNullOrEmpty(p.Description)).Select(p => $"{operation.Id}.{p.Name}")));
        foreach (var operation in operations.Where(o => o.Method is "PUT" or "PATCH" or "DELETE"))
        {
            using var request = operation.Request(p => p.In == "header" ? null : p.Name == "reason" ? "a test" : p.Example);
            using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.True(operation.Parameters.Any(p => p.Name == "If-Match") == ((int)response.StatusCode == 428),
                $"{operation.Method} {operation.Path} answered {(int)response.StatusCode} without If-Match; mark it WithoutVersion(), or make it need one.");
        }
    }
}
