using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Shabou.PlacesSimulator.Access;

namespace Shabou.PlacesSimulator.Tests;

public sealed class AccessTests
{
    private static readonly object Query = new { textQuery = "garage Sfax" };

    [Theory]
    [InlineData(null)]
    [InlineData("another-key")]
    public async Task Without_the_right_key_every_call_is_refused(string? key)
    {
        using var simulator = new Simulator();
        using var caller = simulator.Caller(key);
        (await caller.SearchAsync(Query)).IsError(403, "PERMISSION_DENIED");
        (await caller.DetailsAsync("ChIJ00000000000000000000000", "id")).IsError(403, "PERMISSION_DENIED");
        foreach (var path in (string[])["/simulator/faults", "/simulator/reset"])
            Assert.Equal(403, (int)(await caller.PostAsync(path, null, TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(403, (int)(await caller.GetAsync("/simulator/calls", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Without_a_configured_key_the_simulator_does_not_start()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddAccess();
        using var host = builder.Build();
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains("Places:ApiKey", error.Message, StringComparison.Ordinal);
    }
}
