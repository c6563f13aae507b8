using Shabou.Gateway.Compression;
using Shabou.Gateway.Connections;
using Shabou.Gateway.Cors;
using Shabou.Gateway.Database;
using Shabou.Gateway.Description;
using Shabou.Gateway.Health;
using Shabou.Gateway.Identity;
using Shabou.Gateway.Landing;
using Shabou.Gateway.People;
using Shabou.Gateway.Problems;
using Shabou.Gateway.RateLimiting;
using Shabou.Gateway.Resilience;
using Shabou.Gateway.Routing;
using Shabou.Gateway.Transport;
using Shabou.Schema;
using Shabou.ServiceDefaults;

StartRefusal.SayInOneSentence();
var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddShabouDataSource();
builder.AddOutages();
builder.AddDrain();
builder.AddTransport();
builder.AddIdentity();
builder.AddProblemAlertRows();
builder.AddOrigins();
builder.AddConnections();
builder.AddCompression();
builder.AddPeople();
builder.AddRateLimits();
builder.AddRoutes();
builder.AddHealthReport();
builder.AddDatabaseWatch();
builder.AddApiDescription();

var app = builder.Build();
app.MapServiceDefaults(
    beforeAuthentication: () => app.UseDrain().UseTransport().UseConnections().UseCompression().UseRememberedTokens(),
    beforeAuthorization: () => app.EndRememberedTokens().UseRateLimits());
app.MapLanding();
app.MapProblemPages();
app.MapIdentity();
app.MapHealthReport();
app.MapAcmeChallenge();
app.MapApiDescription();
app.MapPeople();
app.MapRoutes();
app.Run();
