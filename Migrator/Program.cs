using Shabou.Migrator;
using Shabou.Migrator.Demo;
using Shabou.ServiceDefaults;

StartRefusal.SayInOneSentence();
var builder = Host.CreateApplicationBuilder(args);
builder.AddServiceDefaults();
builder.Services.AddOptions<MigratorOptions>().Bind(builder.Configuration).ValidateDataAnnotations().ValidateOnStart();
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddSingleton<SeedAdminKey>();
builder.Services.AddSingleton<SeedBootstrapToken>();
builder.Services.AddSingleton<SeedDemo>();
builder.Services.AddSingleton<Migrate>();

using var host = builder.Build();
return await host.Services.GetRequiredService<Migrate>().RunAsync(CancellationToken.None);
