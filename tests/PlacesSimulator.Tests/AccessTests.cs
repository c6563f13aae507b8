using Microsoft.Extensions.Options;

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
    public void Without_a_configured_key_the_simulator_does_not_start()
    {
        using var simulator = new Simulator(("Places:ApiKey", ""));
        var error = Assert.Throws<OptionsValidationException>(() => simulator.CreateClient());
        Assert.Contains("Places:ApiKey", error.Message, StringComparison.Ordinal);
    }
}
