using System.Data.Common;
using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Shabou.AppHost;

/// <summary>The database and how each program reaches it: a server of our own, one with a standby, or an existing cluster (<c>Postgres:ConnectionString</c>).</summary>
internal sealed class Database
{
    private const string Name = "shabou";
    private readonly IDistributedApplicationBuilder _builder;
    private readonly ReferenceExpression _hosts;
    private readonly IResourceBuilder<PostgresDatabaseResource>? _own;

    private Database(
        IDistributedApplicationBuilder builder, ReferenceExpression hosts, IResourceBuilder<IResourceWithConnectionString> owner,
        IResourceBuilder<PostgresServerResource>? server, IResourceBuilder<PostgresDatabaseResource>? own, IResourceBuilder<ProjectResource>? standby) =>
        (_builder, _hosts, Owner, Server, _own, Standby) = (builder, hosts, owner, server, own, standby);

    /// <summary>Our own server; null: an existing cluster is used.</summary>
    public IResourceBuilder<PostgresServerResource>? Server { get; }

    /// <summary>The database as its owner logs in.</summary>
    public IResourceBuilder<IResourceWithConnectionString> Owner { get; }

    /// <summary>What keeps the standby; null: there is none of ours.</summary>
    public IResourceBuilder<ProjectResource>? Standby { get; }

    public static Database Add(IDistributedApplicationBuilder builder, LaunchOptions options)
    {
        if (builder.Configuration["Postgres:ConnectionString"] is { Length: > 0 } existing)
        {
            var configured = builder.AddParameterFromConfiguration("postgres-connection-string", "Postgres:ConnectionString", secret: true);
            return new(builder, ReferenceExpression.Create($"{WithoutLogin(existing)}"), builder.AddConnectionString(Name, ReferenceExpression.Create($"{configured}")), null, null, null);
        }

        var server = builder.AddPostgres("postgres").WithDataVolume().WithArgs("-c", $"max_connections={PoolPlan.MaxConnections}").WithArchiveLimit().WithStatementStatistics()
            .WithInitFiles(Path.Combine(builder.AppHostDirectory, "Postgres")); // containers let nobody in to stream unless told so when they make their data; local programs do
        var own = server.AddDatabase(Name);
        var primary = server.Resource.PrimaryEndpoint;
        if (!options.StandbyOr(builder.Configuration))
            return new(builder, ReferenceExpression.Create($"Host={primary.Property(EndpointProperty.Host)};Port={primary.Property(EndpointProperty.Port)}"), own, server, own, null);
        var standby = server.AddStandby();
        var hosts = StandbyServer.Hosts(primary, standby.GetEndpoint(StandbyServer.Endpoint));
        var owner = builder.AddConnectionString($"{Name}-owner", ReferenceExpression.Create(
            $"{hosts};Username=postgres;Password={server.Resource.PasswordParameter};Database={Name}"));
        return new(builder, hosts, owner, server, own, standby);
    }

    /// <summary>A service's connection string: its own role, and its share of the connections, some of which are beside the pool.</summary>
    public IResourceBuilder<ConnectionStringResource> Login(string role, IResourceBuilder<ParameterResource> password, int share, int beside = PoolPlan.BesidePool) =>
        _builder.AddConnectionString($"{role}-db", ReferenceExpression.Create(
            $"{_hosts};Username={role};Password={password};Database={Name};Maximum Pool Size={(share - beside).ToString(CultureInfo.InvariantCulture)};Application Name={role}"));

    /// <summary>Lets a program in as the owner, when there is something to enter: with a standby, when the pair takes writes.</summary>
    public IResourceBuilder<ProjectResource> ToOwner(IResourceBuilder<ProjectResource> program)
    {
        program = program.WithReference(Owner, Name);
        return Standby is not null ? program.WaitFor(Standby) : _own is not null ? program.WaitFor(_own) : program;
    }

    /// <summary>Tells a program that watches the standby whether there should be one.</summary>
    public IResourceBuilder<ProjectResource> TellStandby(IResourceBuilder<ProjectResource> program) =>
        Standby is null ? program : program.WithEnvironment("Postgres__Standby", "true");

    // Hosts and all about TLS; roles have logins of their own.
    private static string WithoutLogin(string connectionString)
    {
        var parts = new DbConnectionStringBuilder { ConnectionString = connectionString };
        foreach (var key in (string[])["Username", "User ID", "User", "UID", "Password", "PSW", "PWD", "Database", "DB", "Maximum Pool Size", "Application Name"]) parts.Remove(key);
        return parts.ConnectionString;
    }
}
