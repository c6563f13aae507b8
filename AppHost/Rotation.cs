using System.Diagnostics;
using System.Reflection;

namespace Shabou.AppHost;

/// <summary>Database passwords that are replaced while the services run: configuration <c>Rotation:Folder</c>, else .shabou/secrets beside the AppHost, has a
/// folder per role. A file there wins over the parameter that the role began with, at the next start too.</summary>
internal static class Rotation
{
    private static readonly string s_configuration = typeof(Rotation).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration ?? "Debug";

    /// <summary>Gives a program the secrets of its role.</summary>
    public static IResourceBuilder<ProjectResource> WithSecrets(this IResourceBuilder<ProjectResource> program, string role)
    {
        var folder = Path.Combine(FolderOf(program.ApplicationBuilder), role);
        // Here and not by the programs: a folder that should be a mount and is not there must be missed, not made.
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return program.WithEnvironment("Secrets__Folder", folder);
    }

    /// <summary>The same, and adds "Rotate password".</summary>
    /// <param name="service">Logs in as the role.</param>
    /// <param name="owner">Of the database.</param>
    public static IResourceBuilder<ProjectResource> WithRotation(this IResourceBuilder<ProjectResource> service, string role, IResourceBuilder<IResourceWithConnectionString> owner) =>
        service.WithSecrets(role).WithCommand("rotate-password", "Rotate password", context => RotateAsync(service.ApplicationBuilder, role, owner.Resource, context),
            new CommandOptions { Description = $"Gives the database role {role} another password, without a restart." });

    private static async Task<ExecuteCommandResult> RotateAsync(IDistributedApplicationBuilder builder, string role, IResourceWithConnectionString owner, ExecuteCommandContext context)
    {
        var start = new ProcessStartInfo("dotnet",
            ["run", "--project", new Projects.Migrator().ProjectPath, "--no-build", "--no-launch-profile", "--configuration", s_configuration, "--", "rotate-password", role])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["DOTNET_ENVIRONMENT"] = builder.Environment.EnvironmentName;
        start.Environment["ConnectionStrings__shabou"] = await owner.GetConnectionStringAsync(context.CancellationToken);
        start.Environment["Rotation__Folder"] = FolderOf(builder);
        using var migrator = Process.Start(start)!;
        // It is not ended by who gave the order up: half a rotation is worse than one more.
        var (output, error) = (migrator.StandardOutput.ReadToEndAsync(CancellationToken.None), migrator.StandardError.ReadToEndAsync(CancellationToken.None));
        await migrator.WaitForExitAsync(CancellationToken.None);
        var said = (await output + await error).Trim();
        return migrator.ExitCode == 0
            ? CommandResults.Success($"The role {role} has another password, which its services use from the next connection on.")
            : CommandResults.Failure(said.Split('\n')[^1].Trim());
    }

    private static string FolderOf(IDistributedApplicationBuilder builder) =>
        builder.Configuration["Rotation:Folder"] is { Length: > 0 } folder ? Path.GetFullPath(folder) : Path.GetFullPath(Path.Combine(builder.AppHostDirectory, "..", ".shabou", "secrets"));
}
