// The whole topology: secrets -> stores -> migrator -> services -> gateway.
using Shabou.AppHost;

if (!LaunchOptions.TryRead(args, out var options))
    return;

var builder = DistributedApplication.CreateBuilder(options.HostArguments);
if (!PoolPlan.TryMake(options, builder.Configuration, out var pools))
    return;

// Secrets: generated once, kept for the next start.
var adminKey = builder.AddParameter("admin-api-key", Secret(43), secret: true, persist: true);
var cursorKey = builder.AddParameter("cursor-key", Secret(43), secret: true, persist: true);
var bootstrapToken = builder.AddParameter("bootstrap-token", Secret(43), secret: true, persist: true);
var masterKey = builder.AddParameter("identity-master-key", Secret(43), secret: true, persist: true);
var migratorPassword = builder.AddParameter("db-migrator-password", Secret(32), secret: true, persist: true);
var catalogPassword = builder.AddParameter("db-catalog-password", Secret(32), secret: true, persist: true);
var forecastPassword = builder.AddParameter("db-forecast-password", Secret(32), secret: true, persist: true);
var prospectorPassword = builder.AddParameter("db-prospector-password", Secret(32), secret: true, persist: true);
var gatewayPassword = builder.AddParameter("db-gateway-password", Secret(32), secret: true, persist: true);
var backupPassword = builder.AddParameter("db-backup-password", Secret(32), secret: true, persist: true);
var backupKey = builder.AddParameter("backup-key", Secret(43), secret: true, persist: true);
var simulatorKey = builder.AddParameter("places-simulator-key", Secret(32), secret: true, persist: true);

// Stores.
var database = Database.Add(builder, options);
var redis = builder.AddRedis("redis").WithDataVolume().WithPersistence();

// Each service logs in as its own role, with its share of the connections.
var catalogDb = database.Login("catalog", catalogPassword, pools.Catalog);
var forecastDb = database.Login("forecast", forecastPassword, pools.Forecast);
var prospectorDb = database.Login("prospector", prospectorPassword, pools.Prospector);
var gatewayDb = database.Login("gateway", gatewayPassword, pools.Gateway);
var backupDb = database.Login("backup", backupPassword, PoolPlan.Backup, beside: 1);

var migrator = database.ToOwner(builder.AddProject<Projects.Migrator>("migrator"))
    .WithEnvironment("Roles__migrator__Password", migratorPassword)
    .WithEnvironment("Roles__catalog__Password", catalogPassword)
    .WithEnvironment("Roles__forecast__Password", forecastPassword)
    .WithEnvironment("Roles__prospector__Password", prospectorPassword)
    .WithEnvironment("Roles__gateway__Password", gatewayPassword)
    .WithEnvironment("Roles__backup__Password", backupPassword).WithBackupFolder().WithSecrets("migrator")
    .WithEnvironment("Postgres__PlannedConnections", pools.Planned)
    .WithEnvironment("AdminApiKey", adminKey)
    .WithEnvironment("BootstrapToken", bootstrapToken);

// The services fetch the keys of tokens from the gateway, and it forwards to them, so it is named first and completed last.
var gateway = builder.AddProject<Projects.Gateway>("gateway")
    .WithHttpsEndpoint(port: 7443).WithHttpEndpoint(port: 7080).WithExternalHttpEndpoints()
    .DisableForwardedHeaders(); // published, it would believe the addresses that callers claim

// Services: https only, never reached from outside except through the gateway.
var forecast = Verifying(builder.AddProject<Projects.ForecastService>("forecast"))
    .WithReference(forecastDb, "shabou").WithReference(redis).WithRotation("forecast", database.Owner);
var catalog = Verifying(builder.AddProject<Projects.CatalogApi>("catalog"))
    .WithReference(catalogDb, "shabou").WithReference(redis).WithReference(forecast).WithRotation("catalog", database.Owner);
var prospector = Verifying(builder.AddProject<Projects.ProspectorService>("prospector"))
    .WithReference(prospectorDb, "shabou").WithReference(redis).WithPlaces(simulatorKey, Answering).WithRotation("prospector", database.Owner);

database.TellStandby(gateway)
    .WithReference(gatewayDb, "shabou").WithReference(redis).WithRotation("gateway", database.Owner)
    .WithReference(catalog).WithReference(forecast).WithReference(prospector)
    .WithEnvironment("Postgres__PlannedConnections", pools.Planned)
    .WithEnvironment("Identity__MasterKey", masterKey).WithGoogle()
    .WaitForCompletion(migrator)
    .WithHttpHealthCheck("/health", endpointName: "https")
    .WithUrlForEndpoint("https", url => url.DisplayText = "Shabou")
    .WithUrlForEndpoint("http", url => url.DisplayText = "Shabou (redirects to https)");

// Nobody waits for it, and it lets the shop begin first: its start takes two seconds of CPU. Meanwhile the server keeps what it is to archive.
builder.AddProject<Projects.BackupService>("backup").WithReference(backupDb, "shabou").WaitForCompletion(migrator)
    .WaitFor(gateway).WaitFor(catalog).WaitFor(forecast).WaitFor(prospector)
    .WithBackupFolder().WithBackupCommands(backupKey).WithRotation("backup", database.Owner);

builder.Build().Run();

static GenerateParameterDefault Secret(int length) => new() { MinLength = length, Special = false };

// Verifies the gateway's tokens, and signs the cursors of its lists.
IResourceBuilder<ProjectResource> Verifying(IResourceBuilder<ProjectResource> project) =>
    Service(project).WithReference(gateway.GetEndpoint("https")).WithEnvironment("Cursors__Key", cursorKey);

IResourceBuilder<ProjectResource> Service(IResourceBuilder<ProjectResource> project) =>
    Answering(project).WithReplicas(pools.Replicas).WaitForCompletion(migrator).WithAlerts().WithArchive();

static IResourceBuilder<ProjectResource> Answering(IResourceBuilder<ProjectResource> project) => project.WithHttpsEndpoint().WithHttpHealthCheck("/health");
