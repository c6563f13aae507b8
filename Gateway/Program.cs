using Shabou.Gateway.Compression;
using Shabou.Gateway.Identity;
using Shabou.Gateway.Landing;
using Shabou.Gateway.RateLimiting;
using Shabou.Gateway.Resilience;
using Shabou.Gateway.Routing;
using Shabou.Gateway.Transport;
using Shabou.Schema;
using Shabou.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddShabouDatabase();
builder.AddDrain();
builder.AddTransport();
builder.AddCompression();
builder.AddIdentity();
builder.AddRateLimits();
builder.AddRoutes();

var app = builder.Build();
app.MapServiceDefaults(beforeAuthorization: () => app.UseDrain().UseTransport().UseCompression().UseAuthentication().UseRateLimiter());
app.MapLanding();
app.MapIdentity();
app.MapRoutes();
app.Run();
