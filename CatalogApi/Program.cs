using Shabou.CatalogApi.Brands;
using Shabou.CatalogApi.Categories;
using Shabou.CatalogApi.Products;
using Shabou.Schema;
using Shabou.ServiceDefaults;
using Shabou.ServiceDefaults.Auth;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddServiceAuth();
builder.AddShabouDatabase();
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddValidation();
builder.Services.AddOpenApi();

var app = builder.Build();
app.MapServiceDefaults();
app.MapOpenApi();
app.MapProducts();
app.MapBrands();
app.MapCategories();
app.Run();
