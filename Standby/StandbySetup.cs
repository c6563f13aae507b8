using Shabou.LocalPostgres;
using Shabou.ServiceDefaults.Auth;
using Shabou.Standby.Data;
using Shabou.Standby.Health;
using Shabou.Standby.Promotion;
using Shabou.Standby.Supervision;

namespace Shabou.Standby;

internal static class StandbySetup
{
    /// <summary>Registers the supervisor and what it needs.</summary>
    public static void AddStandby(this WebApplicationBuilder builder)
    {
        builder.AllowAnonymousCallers(); // it answers on this machine only; orders need a key of their own
        builder.Services.AddOptions<StandbyOptions>().BindConfiguration(StandbyOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddPostgresPrograms();
        builder.Services.AddSingleton<Pair>();
        builder.Services.AddSingleton<StandbyFolder>();
        builder.Services.AddSingleton<CopyPrimary>();
        builder.Services.AddSingleton<StandbyProcess>();
        builder.Services.AddSingleton<Promote>();
        builder.Services.AddSingleton<Rejoin>();
        builder.Services.AddHostedService<ControlFile>();
        builder.Services.AddSingleton<Supervisor>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Supervisor>());
        builder.Services.AddHealthChecks().AddCheck<StandbyHealth>("standby");
    }
}
