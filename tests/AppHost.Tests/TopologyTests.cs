using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace Shabou.AppHost.Tests;

/// <summary>The model as the entry point builds it; nothing is started.</summary>
public sealed class TopologyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_resources_have_the_names_everybody_relies_on()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(Token);
        var names = builder.Resources.Select(r => r.Name).ToList();
        Assert.All(
            ["postgres", "shabou", "redis", "migrator", "catalog", "forecast", "prospector", "places", "gateway", "backup", "admin-api-key", "bootstrap-token", "cursor-key"],
            name => Assert.Contains(name, names));
    }

    [Fact]
    public async Task With_a_Google_key_there_is_no_simulator()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(["--Parameters:google-places-key=abc"], Token);
        Assert.DoesNotContain(builder.Resources, r => r.Name == "places");
        Assert.Contains(builder.Resources, r => r.Name == "google-places-key");
    }

    [Fact]
    public async Task With_a_Google_client_people_can_sign_in()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            ["--Parameters:google-client-id=abc", "--Parameters:google-client-secret=def", "--Parameters:google-hosted-domain=shop.example"], Token);
        foreach (var name in (string[])["google-client-id", "google-client-secret", "google-hosted-domain"])
            Assert.Contains(builder.Resources, r => r.Name == name);
    }

    [Fact]
    public async Task Every_parameter_is_a_secret()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(Token);
        Assert.All(builder.Resources.OfType<ParameterResource>(), parameter => Assert.True(parameter.Secret, parameter.Name));
    }

    [Fact]
    public async Task Each_login_of_the_database_can_be_given_another_password()
    {
        var folder = Directory.CreateTempSubdirectory("shabou-secrets-");
        try
        {
            await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>([$"--Rotation:Folder={folder.FullName}"], Token);
            var rotated = builder.Resources.Where(r => r.Annotations.OfType<ResourceCommandAnnotation>().Any(c => c.Name == "rotate-password")).Select(r => r.Name).Order().ToList();
            Assert.Equal(builder.Resources.OfType<ConnectionStringResource>().Where(r => r.Name.EndsWith("-db", StringComparison.Ordinal)).Select(r => r.Name[..^3]).Order(), rotated);
            Assert.Equal([.. rotated.Append("migrator").Order()], folder.EnumerateDirectories().Select(made => made.Name).Order());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Services_that_verify_tokens_know_the_gateway()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(Token);
        var knowing = builder.Resources.OfType<ProjectResource>()
            .Where(p => p.Annotations.OfType<ResourceRelationshipAnnotation>().Any(r => r is { Type: "Reference", Resource.Name: "gateway" })).Select(p => p.Name);
        Assert.Equal(["catalog", "forecast", "prospector"], knowing.Order());
    }

    [Fact]
    public async Task Services_wait_for_the_migrator_and_only_the_gateway_is_reached_from_outside()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(["--replicas", "2"], Token);
        foreach (var project in builder.Resources.OfType<ProjectResource>().Where(p => p.Name != "migrator"))
        {
            // The simulator has no database.
            Assert.Equal(project.Name != "places", project.Annotations.OfType<WaitAnnotation>().Any(w => w is { WaitType: WaitType.WaitForCompletion, Resource.Name: "migrator" }));
            Assert.NotEmpty(project.Annotations.OfType<HealthCheckAnnotation>());
            Assert.Equal(project.Name == "gateway", project.Annotations.OfType<EndpointAnnotation>().Any(e => e.IsExternal));
            Assert.Equal(project.Name is "gateway" or "places" or "backup" ? 1 : 2, project.GetReplicaCount());
        }

        // Only what users need not wait for waits for what they reach.
        Assert.Equal(["backup"], builder.Resources.Where(r => r.Annotations.OfType<WaitAnnotation>().Any(w => w.Resource.Name == "gateway")).Select(r => r.Name));

        var gateway = builder.Resources.Single(r => r.Name == "gateway").Annotations.OfType<EndpointAnnotation>();
        Assert.Equal([("http", 7080), ("https", 7443)], gateway.Select(e => (e.Name, e.Port!.Value)).Order());
    }

    [Fact]
    public async Task With_a_standby_services_know_both_servers_and_the_migrator_waits_for_the_pair()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(["--standby", "--replicas", "2"], Token);
        Assert.Contains(builder.Resources, r => r.Name == "postgres-standby");
        var migrator = builder.Resources.Single(r => r.Name == "migrator");
        Assert.Equal(["postgres-standby"], migrator.Annotations.OfType<WaitAnnotation>().Select(w => w.Resource.Name));
        foreach (var name in (string[])["catalog-db", "forecast-db", "prospector-db", "gateway-db", "shabou-owner"])
        {
            var login = builder.Resources.OfType<ConnectionStringResource>().Single(r => r.Name == name).ConnectionStringExpression.ValueExpression;
            Assert.StartsWith("Host={postgres.bindings.tcp.host}:{postgres.bindings.tcp.port},{postgres-standby.bindings.postgres.host}:{postgres-standby.bindings.postgres.port};Target Session Attributes=read-write;", login, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_existing_cluster_takes_the_place_of_our_server()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            ["--Postgres:ConnectionString=Host=a.example,b.example;Username=owner;Password=secret;Database=shabou;SSL Mode=VerifyFull", "--standby"], Token);
        Assert.DoesNotContain(builder.Resources, r => r.Name is "postgres" or "postgres-standby");
        foreach (var role in (string[])["catalog", "forecast", "prospector", "gateway", "backup"])
        {
            var login = builder.Resources.OfType<ConnectionStringResource>().Single(r => r.Name == $"{role}-db").ConnectionStringExpression.ValueExpression;
            Assert.StartsWith("host=a.example,b.example;ssl mode=VerifyFull;", login, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("secret", login, StringComparison.Ordinal);
            Assert.Contains($"Username={role};", login, StringComparison.Ordinal);
        }
        var owner = builder.Resources.OfType<ConnectionStringResource>().Single(r => r.Name == "shabou").ConnectionStringExpression.ValueExpression;
        Assert.Equal("{postgres-connection-string.value}", owner); // the migrator alone has the owner's login
    }
}
