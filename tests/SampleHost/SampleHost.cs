// A small application for the tests of the local host: both stores, a service in two replicas, and one in front of it.
using Microsoft.Extensions.Configuration;

var builder = DistributedApplication.CreateBuilder(args);
var key = builder.AddParameter("key", new GenerateParameterDefault { MinLength = 30, Special = false }, secret: true, persist: true);
var database = builder.AddPostgres("postgres").WithDataVolume().WithArgs("-c", "max_connections=37").AddDatabase("store");
var redis = builder.AddRedis("redis").WithDataVolume().WithPersistence();

// The two use each other: the service refers to one that comes later.
var front = builder.AddProject<Projects.SampleService>("front")
    .WithHttpsEndpoint(port: builder.Configuration.GetValue<int?>("FrontPort")).WithExternalHttpEndpoints();

var service = builder.AddProject<Projects.SampleService>("service")
    .WithReference(database).WithReference(redis).WaitFor(database).WaitFor(redis)
    .WithEnvironment("Key", key)
    .WithEnvironment("Stubborn", builder.Configuration["Stubborn"])
    .WithReference(front.GetEndpoint("https"))
    .WithHttpsEndpoint().WithHttpHealthCheck("/health").WithReplicas(2);

front
    .WithReference(service).WaitFor(service)
    .WithHttpHealthCheck("/health")
    .WithCommand("greet", "Greet", context => Task.FromResult(CommandResults.Success("hello")), new() { ConfirmationMessage = "Really greet?" });

// Begins when users could.
if (builder.Configuration.GetValue<bool>("Later"))
    builder.AddProject<Projects.SampleService>("later").WaitFor(front);

builder.Build().Run();
