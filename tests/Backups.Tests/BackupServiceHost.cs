using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Shabou.BackupService.Commands;

namespace Shabou.Backups.Tests;

/// <summary>The service in the test's process, on the server of a shop.</summary>
internal sealed class BackupServiceHost(Shop shop, TimeProvider? time = null, params (string Key, string Value)[] settings) : WebApplicationFactory<CommandOptions>
{
    public const string Key = "a-key-of-tests-with-32-characters-and-more";

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Development");
        builder.UseSetting("ConnectionStrings:shabou", shop.Role.ConnectionString);
        builder.UseSetting("Backups:Folder", shop.Backups);
        builder.UseSetting("Backups:KeepFree", "0");
        builder.UseSetting("BackupCommands:Key", Key);
        foreach (var (key, value) in settings) builder.UseSetting(key, value);
        if (time is not null) builder.ConfigureServices(services => services.Replace(ServiceDescriptor.Singleton(time)));
    }

    /// <summary>A client that may order backups.</summary>
    public HttpClient Operator()
    {
        var client = CreateClient();
        client.Timeout = TimeSpan.FromMinutes(2);
        client.DefaultRequestHeaders.Add("X-Backup-Key", Key);
        return client;
    }
}

/// <summary>A clock that stands where a test puts it; its timers are real.</summary>
internal sealed class StandingClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
