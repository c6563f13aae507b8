using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using Shabou.LocalPostgres.Servers;

namespace Shabou.Standby.Promotion;

/// <summary>Where and with which key the commands of <c>./standby</c> reach this program: a file in its folder that only its owner can read.</summary>
internal sealed class ControlFile(IServer server, IOptions<StandbyOptions> options, IHostApplicationLifetime lifetime) : IHostedService
{
    private const string Name = "control";

    private string Location => Path.Combine(Path.GetFullPath(options.Value.Folder), Name);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(Write);
        lifetime.ApplicationStopping.Register(() => File.Delete(Location));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Write()
    {
        if (server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() is not { } address) return;
        DataFolder.CreatePrivate(Path.GetDirectoryName(Location)!);
        var start = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) start.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        File.Delete(Location);
        using var file = new StreamWriter(Location, start);
        file.Write($"{address}\n{options.Value.Key}\n");
    }
}
