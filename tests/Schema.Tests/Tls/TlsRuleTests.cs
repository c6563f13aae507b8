using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Shabou.Schema.Tests.Tls;

public sealed class TlsRuleTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("shabou-tls-rule-");
    private readonly TestAuthority _authority = new("Shabou test authority");

    public TlsRuleTests()
    {
        File.WriteAllText(PathOf("ca.pem"), _authority.Pem);
        File.WriteAllText(PathOf("empty.pem"), "");
        File.WriteAllText(PathOf("damaged.pem"), "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n");
    }

    [Theory]
    [InlineData("Production", "", "SSL Mode=VerifyFull")]
    [InlineData("Production", "SSL Mode=Require", "SSL Mode=VerifyFull")]
    [InlineData("Staging", "SSL Mode=Disable", "SSL Mode=VerifyFull")]
    [InlineData("Production", "SSL Mode=VerifyCA;Root Certificate={0}/ca.pem", "SSL Mode=VerifyFull")]
    [InlineData("Production", "SSL Mode=VerifyFull", "must say 'Root Certificate=<ca.pem>'")]
    [InlineData("Production", "SSL Mode=VerifyFull;Root Certificate={0}/none.pem", "none.pem' of ConnectionStrings:shabou cannot be read (there is no such file)")]
    [InlineData("Production", "SSL Mode=VerifyFull;Root Certificate={0}/empty.pem", "(it holds no certificate)")]
    [InlineData("Production", "SSL Mode=VerifyFull;Root Certificate={0}/damaged.pem", "(no readable PEM file)")]
    [InlineData("Production", "SSL Mode=VerifyFull;Root Certificate={0}/ca.pem;SSL Mode=Disable", "says 'SSLMode' twice")]
    [InlineData("Production", "SslMode=Disable;Root Certificate={0}/ca.pem;SSL Mode=VerifyFull", "says 'SslMode' twice")]
    [InlineData("Production", "Host='db;SSL Mode=Disable';SSL Mode=VerifyFull;Root Certificate={0}/ca.pem", "names no host but something with a setting in it")]
    [InlineData("Production", "SSL Mode=Whatever", "cannot be read: check its keywords")]
    [InlineData("Production", "SSL Mode=VerifyFull;Password='a;b=c;b=d';Root Certificate={0}/ca.pem", null)]
    [InlineData("Production", "SSL Mode=VerifyFull;Root Certificate={0}/ca.pem", null)]
    [InlineData("Development", "", null)]
    public void Outside_development_the_server_must_prove_who_it_is(string environment, string tls, string? sentence)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = environment });
        builder.Configuration["ConnectionStrings:shabou"] = $"{(tls.StartsWith("Host", StringComparison.Ordinal) ? "" : "Host=db;")}Database=shabou;{tls.Replace("{0}", _folder.FullName, StringComparison.Ordinal)}";
        var refused = Record.Exception(() => builder.AddShabouDatabase());
        if (sentence is null) Assert.Null(refused);
        else Assert.Contains(sentence, Assert.IsType<InvalidOperationException>(refused).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_setting_in_the_value_of_a_host_is_refused_and_not_obeyed()
    {
        // As somebody may put it into the environment: the driver believes the last of two.
        var injected = $"SSL Mode=VerifyFull;Root Certificate={PathOf("ca.pem")};Host=db;SSL Mode=Disable;Database=shabou";
        Assert.Equal(SslMode.Disable, new NpgsqlConnectionStringBuilder(injected).SslMode);
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = "Production" });
        builder.Configuration["ConnectionStrings:shabou"] = injected;
        Assert.Throws<InvalidOperationException>(() => builder.AddShabouDataSource());
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }

    private string PathOf(string file) => Path.Combine(_folder.FullName, file);
}
