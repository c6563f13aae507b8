using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Shabou.Gateway.Identity;

namespace Shabou.Gateway.Tests.Servers;

/// <summary>The gateway as it is deployed, on Kestrel with TLS and free ports; only its configuration is the test's.</summary>
internal sealed class GatewayHost : WebApplicationFactory<Shabou.Gateway.Resilience.ResilienceOptions>
{
    internal const string MasterKey = "a-master-key-that-only-tests-use-0123456789";

    /// <summary>What a redirect names, as ports of a test are not known beforehand.</summary>
    internal const int RedirectPort = 7443;

    private readonly TestCertificate _certificate = new();
    private readonly (string Key, string? Value)[] _settings;

    /// <param name="settings">Configuration; wins over the defaults of tests.</param>
    internal GatewayHost(params (string Key, string? Value)[] settings)
    {
        _settings = settings;
        UseKestrel();
    }

    /// <summary>Added to the gateway's own services.</summary>
    internal Action<IServiceCollection>? More { get; init; }

    /// <summary>Set before the first use; null: the system's.</summary>
    internal TimeProvider? Clock { get; init; }

    /// <summary>What the gateway presents; the test may renew it.</summary>
    internal TestCertificate Certificate => _certificate;

    internal Uri Https => Address("https");

    internal Uri Http => Address("http");

    /// <param name="key">Sent with each request, unless null.</param>
    /// <param name="address">Default: <see cref="Https"/>.</param>
    internal HttpClient Client(IssuedKey? key = null, Uri? address = null)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, certificate, _, _) => Presents(certificate) },
        };
        var client = new HttpClient(handler) { BaseAddress = address ?? Https, DefaultRequestVersion = HttpVersion.Version20 };
        if (key is not null)
            client.DefaultRequestHeaders.Add(ApiKeys.Header, key.Secret);
        return client;
    }

    internal bool Presents(X509Certificate? certificate) => _certificate.Is(certificate);

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Development");
        builder.UseSetting("urls", "https://127.0.0.1:0;http://127.0.0.1:0");
        builder.UseSetting("Kestrel:Certificates:Default:Path", _certificate.Path);
        builder.UseSetting("Kestrel:Certificates:Default:KeyPath", _certificate.KeyPath);
        builder.UseSetting("Transport:HttpsPort", $"{RedirectPort}");
        builder.UseSetting("Identity:MasterKey", MasterKey);
        builder.UseSetting("Logging:LogLevel:Default", "Warning");
        foreach (var (key, value) in _settings)
            builder.UseSetting(key, value);
        builder.ConfigureTestServices(services => More?.Invoke(services));
        if (Clock is not null)
            builder.ConfigureTestServices(services => services.AddSingleton<TimeProvider>(Clock));
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _certificate.Dispose();
    }

    private Uri Address(string scheme)
    {
        StartServer();
        var addresses = Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        return new Uri(addresses.Single(address => address.StartsWith(scheme + ":", StringComparison.Ordinal)));
    }
}
