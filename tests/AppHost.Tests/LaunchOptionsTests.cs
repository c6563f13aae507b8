using System.Diagnostics;
using Microsoft.Extensions.Configuration;

namespace Shabou.AppHost.Tests;

public sealed class LaunchOptionsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("--replicas", "3")]
    [InlineData("--replicas=3")]
    [InlineData("--Replicas=3", "--environment", "Production")]
    public void The_number_of_replicas_is_read(params string[] args) => Assert.Equal(3, LaunchOptions.Read(args).Replicas);

    [Theory]
    [InlineData("--replicas", "0")]
    [InlineData("--replicas", "9")]
    [InlineData("--replicas", "two")]
    [InlineData("--replicas", "-1")]
    [InlineData("--replicas")]
    [InlineData("--bogus")]
    [InlineData("--bogus=1")]
    [InlineData("-x")]
    [InlineData("stray")]
    public void Anything_else_is_refused_in_a_sentence_that_names_it(params string[] args)
    {
        var refused = Assert.Throws<FormatException>(() => LaunchOptions.Read(args));
        Assert.Contains(args[^1].Split('=')[0], refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--operation", "publish", "--publisher", "manifest", "--output-path", "out.json")]
    [InlineData("--step", "deploy", "--log-level", "debug")]
    [InlineData("--Parameters:google-places-key=abc")]
    [InlineData("DcpPublisher:RandomizePorts=true")]
    public void The_options_of_the_host_and_configuration_pass(params string[] args) => Assert.Null(LaunchOptions.Read(args).Replicas);

    [Fact]
    public void The_standby_is_asked_for_by_a_word_that_the_host_does_not_see()
    {
        var options = LaunchOptions.Read(["--standby", "--replicas", "2"]);
        Assert.True(options.StandbyOr(new ConfigurationBuilder().Build()));
        Assert.Equal(["--replicas", "2"], options.HostArguments);
        Assert.True(LaunchOptions.Read([]).StandbyOr(new ConfigurationBuilder().AddInMemoryCollection([new("Postgres:Standby", "true")]).Build()));
        Assert.False(LaunchOptions.Read([]).StandbyOr(new ConfigurationBuilder().Build()));
    }

    [Fact]
    public void Configuration_says_the_number_when_the_command_line_does_not()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Replicas", "2")]).Build();
        Assert.Equal(2, LaunchOptions.Read([]).ReplicasOr(configuration));
        Assert.Equal(4, LaunchOptions.Read(["--replicas", "4"]).ReplicasOr(configuration));
        Assert.Equal(1, LaunchOptions.Read([]).ReplicasOr(new ConfigurationBuilder().Build()));
    }

    [Theory]
    [InlineData("'--bogus' is unknown", "--bogus")]
    [InlineData("more than max_connections", "--replicas", "8")]
    [InlineData("not a number of replicas", "--Replicas=many")]
    public async Task The_program_says_one_sentence_and_ends_with_code_2(string sentence, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "AppHost.dll"), .. args]) { RedirectStandardError = true, RedirectStandardOutput = true };
        using var host = Process.Start(start)!;
        var output = await host.StandardOutput.ReadToEndAsync(Token);
        var error = await host.StandardError.ReadToEndAsync(Token);
        await host.WaitForExitAsync(Token);

        Assert.Equal(2, host.ExitCode);
        Assert.Contains(sentence, Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Empty(output);
    }
}
