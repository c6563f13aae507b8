using Shabou.Jobs;
using Shabou.ProspectorService.Budgets;
using Shabou.ProspectorService.Campaigns;
using Shabou.ProspectorService.Leads;
using Shabou.ProspectorService.Places;
using Shabou.Schema;
using Shabou.ServiceDefaults;
using Shabou.ServiceDefaults.Auth;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddServiceAuth();
builder.AddShabouDatabase();
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddOpenApi();
builder.AddJobs();
builder.AddPlacesBudget();
builder.AddPlaces();
builder.AddLeads();
builder.AddCampaigns();

var app = builder.Build();
app.MapServiceDefaults();
app.MapOpenApi();
app.MapCampaigns();
app.MapLeads();
app.MapBudget();
app.MapJobs();
app.Run();
