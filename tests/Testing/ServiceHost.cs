using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Shabou.Testing;

/// <summary>One service in the test's process, on a database of its own, with clients that carry what the gateway would add.</summary>
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

    private const string ServiceKey = "a-key-that-only-tests-use-0123456789";

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Development");
        builder.UseSetting("ConnectionStrings:shabou", database);
        builder.UseSetting("ServiceAuth:Key", ServiceKey);
        foreach (var (key, value) in settings) builder.UseSetting(key, value);
        if (services is not null) builder.ConfigureServices(services);
    }

    /// <summary>A client that the gateway has let in.</summary>
    /// <param name="role">ADMIN or USER.</param>
    public HttpClient SignedIn(string role = "ADMIN")
    {
        var client = CreateClient(new() { BaseAddress = new Uri("https://localhost"), AllowAutoRedirect = false });
        client.DefaultRequestHeaders.Add("X-Service-Key", ServiceKey);
        client.DefaultRequestHeaders.Add("X-Client-Id", "test-client");
        client.DefaultRequestHeaders.Add("X-Client-Name", "tests");
        client.DefaultRequestHeaders.Add("X-Client-Role", role);
        return client;
    }
}
