using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Shabou.Schema.Tests;

public sealed class DatabaseTlsTests
{
    [Theory]
    [InlineData("Production", "", "SSL Mode=VerifyFull")]
    [InlineData("Production", "SSL Mode=Require", "SSL Mode=VerifyFull")]
    [InlineData("Staging", "SSL Mode=Disable", "SSL Mode=VerifyFull")]
    [InlineData("Production", "SSL Mode=VerifyFull", null)]
    [InlineData("Development", "", null)]
    public void Outside_development_the_server_must_prove_who_it_is(string environment, string tls, string? sentence)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = environment });
        builder.Configuration["ConnectionStrings:shabou"] = $"Host=db;Database=shabou;{tls}";
        var refused = Record.Exception(() => builder.AddShabouDatabase());
        if (sentence is null) Assert.Null(refused);
        else Assert.Contains(sentence, Assert.IsType<InvalidOperationException>(refused).Message, StringComparison.Ordinal);
    }
}
