using System.Net.Http.Json;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shabou.EndToEnd.Tests;
using Shabou.Schema;
using Shabou.Schema.Identity;
using Shabou.Testing;

[assembly: AssemblyFixture(typeof(ShabouApp))]
[assembly: CollectionBehavior(DisableTestParallelization = true)] // the journeys share one system, and some stop parts of it

namespace Shabou.EndToEnd.Tests;

/// <summary>The whole system, started once for all journeys: random ports, its own data folder. The only code that starts one.</summary>
public sealed class ShabouApp : IAsyncLifetime
{
    private static readonly string[] Services = ["catalog", "forecast", "prospector", "places", "gateway"];
    private readonly DirectoryInfo _temporary = Directory.CreateTempSubdirectory("shabou-journeys-");
    private readonly (string Name, string Value)[] _gateway = [];
    private DistributedApplication? _app;

    public ShabouApp()
    {
    }

    /// <summary>A system of its own for tests that would spoil the shared one.</summary>
    /// <param name="gateway">Settings of its gateway, as environment variables.</param>
    internal ShabouApp(params (string Name, string Value)[] gateway) => _gateway = gateway;

    /// <summary>What the host's command line has besides, such as <c>--standby</c>. Set it before the start.</summary>
    internal string[] Arguments { get; init; } = [];

    public DistributedApplication App => _app ?? throw new InvalidOperationException("The system did not start.");

    /// <summary>What the services wrote to their consoles.</summary>
    public ServiceLogs Logs { get; } = new();

    /// <summary>Looks for secrets in all that leaves the processes.</summary>
    internal Canary Canary { get; } = new();

    /// <summary>Where passwords lie that were replaced.</summary>
    internal string Secrets => Path.Combine(_temporary.FullName, "secrets");

    /// <summary>The administrator's key, as the parameter admin-api-key.</summary>
    public string AdminKey { get; } = Canary.NewSecret();

    /// <summary>The simulator's key, to read its counter of calls.</summary>
    public string PlacesKey { get; } = Canary.NewSecret();

    public async ValueTask InitializeAsync()
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            [OwnVolumes.Argument(), $"--Parameters:admin-api-key={AdminKey}", $"--Parameters:places-simulator-key={PlacesKey}",
             $"--Parameters:postgres-password={Canary.NewSecret()}", $"--Parameters:redis-password={Canary.NewSecret()}", // these two are no resources
             $"--Backups:Folder={_temporary.FullName}/backups", $"--Rotation:Folder={Secrets}", .. Arguments]);
        foreach (var secret in builder.Resources.OfType<ParameterResource>().Where(parameter => parameter.Secret && parameter.Name is not ("admin-api-key" or "places-simulator-key")))
            builder.Configuration[$"Parameters:{secret.Name}"] = Canary.NewSecret();
        foreach (var (name, value) in _gateway) builder.CreateResourceBuilder(builder.Resources.OfType<ProjectResource>().Single(r => r.Name == "gateway")).WithEnvironment(name, value);
        var collector = await Canary.StartCollectorAsync();
        foreach (var project in builder.Resources.OfType<ProjectResource>().ToList())
            builder.CreateResourceBuilder(project).WithEnvironment("OTEL_EXPORTER_OTLP_ENDPOINT", collector).WithEnvironment("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
        builder.Services.ConfigureHttpClientDefaults(http => http.AddHttpMessageHandler(() => new Canary.Watcher(Canary)));
        _app = await builder.BuildAsync();
        await _app.StartAsync().WaitAsync(TimeSpan.FromMinutes(3));
        foreach (var resource in (string[])[.. Services, "postgres", "redis", "migrator"]) Logs.Follow(_app, resource);
        foreach (var service in Services)
        {
            try
            {
                await WaitUntilHealthyAsync(service);
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"{service} did not become healthy; its last lines:\n{string.Join('\n', Logs.Containing(service, "").TakeLast(20))}", error);
            }
        }
    }

    public Task WaitUntilHealthyAsync(string resource) =>
        App.ResourceNotifications.WaitForResourceHealthyAsync(resource).WaitAsync(TimeSpan.FromMinutes(2));

    /// <summary>A client at the gateway without a key.</summary>
    public HttpClient Anonymous() => App.CreateHttpClient("gateway", "https");

    /// <summary>A client with a key of its own, so that it has a rate limit of its own.</summary>
    public async Task<HttpClient> NewClientAsync(ApiKeyRole role = ApiKeyRole.Admin)
    {
        var key = await NewKeyAsync(role);
        var client = Anonymous();
        client.DefaultRequestHeaders.Add("X-Api-Key", key);
        return client;
    }

    /// <summary>A valid API key that nobody has used.</summary>
    public async Task<string> NewKeyAsync(ApiKeyRole role = ApiKeyRole.Admin)
    {
        var key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        await using var context = await DatabaseAsync();
        context.ApiKeys.Add(new()
        {
            Id = Guid.CreateVersion7(), Name = "journey", Prefix = key[..ApiKey.PrefixLength], Hash = ApiKey.HashOf(key), Role = role, CreatedAt = DateTimeOffset.UtcNow,
        });
        await context.SaveChangesAsync();
        return key;
    }

    /// <summary>Follows a job to its end.</summary>
    public static async Task UntilCompletedAsync(HttpClient client, Uri job)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var tick = new PeriodicTimer(TimeSpan.FromSeconds(0.7)); // a client may ask 100 times a minute
        while (true)
        {
            var view = await client.GetFromJsonAsync<JsonElement>(job, limit.Token);
            var state = view.GetProperty("state").GetString();
            if (string.Equals(state, "Completed", StringComparison.OrdinalIgnoreCase)) return;
            Assert.False(string.Equals(state, "Dead", StringComparison.OrdinalIgnoreCase), view.GetRawText());
            await tick.WaitForNextTickAsync(limit.Token);
        }
    }

    /// <summary>A PEM file by which curl trusts the gateway: the certificate it shows, whoever issued it.</summary>
    public async Task<string> AuthorityFileAsync()
    {
        var gateway = App.GetEndpoint("gateway", "https");
        using var connection = new TcpClient();
        await connection.ConnectAsync(gateway.Host, gateway.Port);
        await using var tls = new SslStream(connection.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = gateway.Host, RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null }); // only to see it; curl then verifies
        var file = Path.Combine(_temporary.FullName, "gateway.pem");
        await File.WriteAllTextAsync(file, ((X509Certificate2)tls.RemoteCertificate!).ExportCertificatePem());
        return file;
    }

    /// <summary>The database as its owner sees it.</summary>
    // Without a pool: a test that stops the server leaves nobody a dead connection.
    public async Task<ShabouContext> DatabaseAsync() =>
        new(new DbContextOptionsBuilder<ShabouContext>().UseNpgsql(await App.GetConnectionStringAsync("shabou") + ";Pooling=false").Options);

    /// <exception cref="InvalidOperationException">Something that left a process had a secret in it: the run has failed.</exception>
    public async ValueTask DisposeAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
        _temporary.Delete(recursive: true);
        foreach (var (resource, line) in Logs.All) Canary.LookAt($"log of {resource}", line);
        await Canary.DisposeAsync();
        if (Canary.Sightings.Count > 0) throw new InvalidOperationException($"Secrets were given away:\n{string.Join("\n", Canary.Sightings.Take(20))}");
    }
}
