using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Shabou.Backups.Archive;
using Shabou.Backups.Making;
using Shabou.Backups.Places;
using Shabou.Backups.Restoring;
using Shabou.Backups.Verifying;
using Shabou.LocalPostgres;

namespace Shabou.Backups;

/// <summary>How a program gets the parts of this library.</summary>
public static class BackupsSetup
{
    /// <summary>Registers <see cref="RunBackups"/> and what it is made of, with section <c>Backups</c>.</summary>
    public static void AddBackups(this IHostApplicationBuilder builder)
    {
        builder.AddPostgresPrograms();
        builder.Services.AddOptions<BackupOptions>().BindConfiguration(BackupOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<Space>();
        builder.Services.AddSingleton<MakeDump>();
        builder.Services.AddSingleton<MakeBase>();
        builder.Services.AddSingleton<ScratchServers>();
        builder.Services.AddSingleton<VerifyDump>();
        builder.Services.AddSingleton<VerifyBase>();
        builder.Services.AddSingleton<RunBackups>();
        builder.Services.AddSingleton<WalReceiver>();
        builder.Services.AddSingleton<RestoreBase>();
        builder.Services.AddSingleton<RestoreDump>();
        builder.Services.AddSingleton<RestoreDrill>();
        builder.Services.AddSingleton<SecondPlace>();
    }
}
