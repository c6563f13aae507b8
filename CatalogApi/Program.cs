
using Shabou.CatalogApi.Audit;
using Shabou.CatalogApi.Brands;
using Shabou.CatalogApi.Caching;
using Shabou.CatalogApi.Categories;
using Shabou.CatalogApi.Prices;
using Shabou.CatalogApi.Products;
using Shabou.Jobs;
using Shabou.Schema;
using Shabou.ServiceDefaults;
using Shabou.ServiceDefaults.Auth;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddServiceAuth();
builder.AddShabouDatabase();
builder.AddAudit();
builder.AddCaching();
builder.AddJobs();
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddValidation();
builder.Services.AddOpenApi();
builder.AddProducts();
builder.AddPrices();

var app = builder.Build();
app.MapServiceDefaults();
app.MapOpenApi();
app.MapProducts();
app.MapBrands();
app.MapCategories();
app.MapPriceLists();
app.MapPriceHistory();
app.MapPriceIndex();
app.MapJobs();
app.Run();
