using Shabou.Gateway.Cors;
using Shabou.Gateway.Identity;
using Shabou.Gateway.Landing;
using Shabou.Gateway.RateLimiting;
using Shabou.Gateway.Routing;
using Shabou.Gateway.Transport;
using Shabou.Schema;
using Shabou.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddShabouDatabase();
builder.AddTransport();
builder.AddOrigins();
builder.AddIdentity();
builder.AddRateLimits();
builder.AddRoutes();

var app = builder.Build();
app.MapServiceDefaults(beforeAuthorization: () => app.UseTransport().UseAuthentication().UseRateLimiter());
app.MapLanding();
app.MapAcmeChallenge();
app.MapIdentity();
app.MapRoutes();
app.Run();
