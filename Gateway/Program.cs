using Shabou.Gateway.Health;
using Shabou.Gateway.Identity;
using Shabou.Gateway.Landing;
using Shabou.Gateway.Problems;
using Shabou.Gateway.RateLimiting;
using Shabou.Gateway.Routing;
using Shabou.Gateway.Transport;
using Shabou.Schema;
using Shabou.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddShabouDatabase();
builder.AddTransport();
builder.AddIdentity();
builder.AddProblemAlertRows();
builder.AddRateLimits();
builder.AddRoutes();
builder.AddHealthReport();

var app = builder.Build();
app.MapServiceDefaults(beforeAuthorization: () => app.UseTransport().UseAuthentication().UseRateLimiter());
app.MapLanding();
app.MapProblemPages();
app.MapIdentity();
app.MapHealthReport();
app.MapRoutes();
app.Run();
