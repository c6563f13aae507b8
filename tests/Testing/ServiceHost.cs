using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Shabou.Testing;

/// <summary>One service in the test's process, on a database of its own, with clients that carry the token that the gateway would send.</summary>
/// <param name="database">Connection string, see <see cref="TestServers.CreateDatabaseAsync"/>.</param>
/// <param name="services">More services, or changes of the service's own.</param>
/// <param name="settings">More configuration; wins over the defaults.</param>
/// <typeparam name="TService">Any public type of the service's assembly.</typeparam>
public sealed class ServiceHost<TService>(string database, Action<IServiceCollection>? services, params (string Key, string Value)[] settings) : WebApplicationFactory<TService>
    where TService : class
{
    public ServiceHost(string database, params (string Key, string Value)[] settings) : this(database, services: null, settings)
    {
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Development");
        builder.UseSetting("ConnectionStrings:shabou", database);
        foreach (var (key, value) in TestTokens.Settings.Concat(settings)) builder.UseSetting(key, value);
        if (services is not null) builder.ConfigureServices(services);
    }

    /// <summary>A client that the gateway has let in.</summary>
    /// <param name="role">ADMIN or USER.</param>
    public HttpClient SignedIn(string role = "ADMIN", string subject = "test-client") => Anonymous().SignIn(role, subject);

    /// <summary>A client that has no token.</summary>
    public HttpClient Anonymous() => CreateClient(new() { BaseAddress = new Uri("https://localhost"), AllowAutoRedirect = false });
}
