using Shabou.PlacesSimulator.Access;
using Shabou.PlacesSimulator.Calls;
using Shabou.PlacesSimulator.Details;
using Shabou.PlacesSimulator.Places;
using Shabou.PlacesSimulator.Quotas;
using Shabou.PlacesSimulator.Search;
using Shabou.ServiceDefaults;
using Shabou.ServiceDefaults.Auth;

StartRefusal.SayInOneSentence();
var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AllowAnonymousCallers(); // Google's key check takes the place of the services' own
builder.AddAccess();
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddSingleton<PlaceBook>();
builder.Services.AddSingleton<Vocabulary>();
builder.Services.AddSingleton<PlaceSearch>();
builder.Services.AddSingleton<PageTokens>();
builder.Services.AddSingleton<CallQuotas>();
builder.Services.AddSingleton<CallLog>();
builder.Services.AddSingleton<Faults>();
builder.Services.AddSingleton<FaultAnswers>();

var app = builder.Build();
app.MapServiceDefaults();
app.MapSearch();
app.MapDetails();
app.MapSimulator();
app.Run();
