using Shabou.Idempotency;
using Shabou.Jobs;
using Shabou.ProspectorService.Budgets;
using Shabou.ProspectorService.Campaigns;
using Shabou.ProspectorService.Exports;
using Shabou.ProspectorService.Leads;
using Shabou.ProspectorService.Places;
using Shabou.ProspectorService.Suppressions;
using Shabou.Schema;
using Shabou.ServiceDefaults;
using Shabou.ServiceDefaults.Auth;
using Shabou.ServiceDefaults.Paging;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddServiceAuth("prospector");
builder.AddCursors();
builder.AddShabouDatabase();
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddOpenApi();
builder.AddIdempotency();
builder.AddJobs();
builder.AddPlacesBudget();
builder.AddBudgetMirror();
builder.AddPlaces();
builder.AddLeads();
builder.AddExports();
builder.AddCampaigns();

var app = builder.Build();
app.MapServiceDefaults();
app.MapOpenApi().AllowAnonymous(); // the gateway makes one document of all of them
app.MapCampaigns();
app.MapLeads();
app.MapExports();
app.MapSuppressions();
app.MapBudget();
app.MapJobs();
app.Run();
