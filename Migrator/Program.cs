using Shabou.Backups;
using Shabou.Migrator;
using Shabou.Migrator.Demo;
using Shabou.Migrator.Passwords;
using Shabou.Migrator.Reports;
using Shabou.ServiceDefaults;

StartRefusal.SayInOneSentence();
var builder = Host.CreateApplicationBuilder(args);
builder.AddServiceDefaults();
builder.Services.AddOptions<MigratorOptions>().Bind(builder.Configuration).ValidateDataAnnotations().ValidateOnStart();
builder.Services.AddSingleton(TimeProvider.System);
builder.AddBackups();
builder.Services.AddSingleton<RequireBackup>();
builder.Services.AddSingleton<SeedAdminKey>();
builder.Services.AddSingleton<SeedBootstrapToken>();
builder.Services.AddSingleton<SeedDemo>();
builder.Services.AddSingleton<StatementStatistics>();
builder.Services.AddSingleton<Migrate>();
builder.Services.AddOptions<RotationOptions>().BindConfiguration(RotationOptions.Section);
builder.Services.AddSingleton<RotatePassword>();
builder.Services.AddSingleton<MigrationMeter>();
builder.Services.AddSingleton<DatabaseReport>();

using var host = builder.Build();
var services = host.Services;
return args switch
{
    [RotatePassword.Verb, .. var roles] => await services.GetRequiredService<RotatePassword>().RunAsync(roles is [var role, ..] ? role : "", CancellationToken.None),
    [DatabaseReport.Command] => await services.GetRequiredService<DatabaseReport>().RunAsync(Console.Out, CancellationToken.None),
    _ => await services.GetRequiredService<MigrationMeter>().MeasureAsync(() => services.GetRequiredService<Migrate>().RunAsync(CancellationToken.None)),
};
