using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.LocalHost;

namespace Aspire.Hosting;

/// <summary>Prepares a server: makes the data folder at the first start, clears what a kill left, and says how to start it.</summary>
internal sealed class PostgresProgram(PostgresServerResource server)
{
    public async Task<LocalProgram> PrepareAsync(LocalProgramContext context, CancellationToken cancellationToken)
    {
        var postgres = Executables.Require("postgres", "postgresql", "postgresql", context.ProgramFolders);
        var data = context.DataFolder;
        if (!File.Exists(Path.Combine(data, "PG_VERSION")))
            await InitializeAsync(context, data, cancellationToken);
        ClearStaleLock(data);

        var settings = new List<string>
        {
            "-D", data,
            "-c", "listen_addresses=127.0.0.1",
            "-c", $"port={server.PrimaryEndpoint.Port.ToString(CultureInfo.InvariantCulture)}",
            "-c", "unix_socket_directories=",
        };
        if (context.IsDisposable)
            settings.AddRange(["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]);
        return new(postgres, [.. settings, .. context.Arguments])
        {
            WorkingDirectory = context.Folders.Root,
            User = UnprivilegedUser.Needed,
            Environment = Variables(data),
            StopSignal = Native.Interrupt, // "Fast": ends sessions and writes a checkpoint.
        };
    }

    private async Task InitializeAsync(LocalProgramContext context, string data, CancellationToken cancellationToken)
    {
        var initdb = Executables.Require("initdb", "postgresql", "postgresql", context.ProgramFolders);
        var user = UnprivilegedUser.Needed;

        // Made under another name and moved when whole, so that a kill in between leaves nothing that looks like a server's data.
        var draft = data + ".new";
        if (Directory.Exists(draft))
            Directory.Delete(draft, recursive: true);
        LocalFolders.Create(draft);
        var password = Path.Combine(context.Folders.Root, $"{server.Name}.password");
        OwnFile.Write(password, server.PasswordParameter.Value);
        user?.Own(draft);
        user?.Own(password);
        try
        {
            var program = new LocalProgram(initdb,
            [
                "-D", draft, "-U", await server.UserNameReference.GetValueAsync(cancellationToken) ?? "postgres", $"--pwfile={password}",
                "--auth=scram-sha-256", "--encoding=UTF8", OperatingSystem.IsLinux() ? "--locale=C.UTF-8" : "--locale=en_US.UTF-8", "--no-sync",
            ])
            {
                WorkingDirectory = context.Folders.Root,
                User = user,
                Environment = Variables(draft),
            };
            var (exitCode, output) = await context.Tools.RunAsync(server.Name, program, cancellationToken);
            if (exitCode != 0)
            {
                throw new LocalHostException(
                    $"PostgreSQL could not make its data folder {data} ({string.Join(" ", output.TakeLast(2)).TrimEnd('.')}): make the folder reachable and writable, or set LocalHost__DataFolder to one that is.");
            }

            await RunInitFilesAsync(context, draft, cancellationToken);
            Directory.Move(draft, data);
        }
        finally
        {
            File.Delete(password);
        }
    }

    // The image also runs *.sql, on a server that it starts for them; nobody here has any.
    private static async Task RunInitFilesAsync(LocalProgramContext context, string data, CancellationToken cancellationToken)
    {
        foreach (var script in context.Resource.Annotations.OfType<InitFilesAnnotation>().SelectMany(a => Directory.EnumerateFiles(a.Folder, "*.sh").Order()))
        {
            // As text: its folder may be one that the server's user cannot enter.
            var program = new LocalProgram("/bin/sh", ["-c", await File.ReadAllTextAsync(script, cancellationToken)])
            {
                WorkingDirectory = context.Folders.Root,
                User = UnprivilegedUser.Needed,
                Environment = new Dictionary<string, string>(Variables(data)) { ["PGDATA"] = data },
            };
            var (exitCode, output) = await context.Tools.RunAsync(context.Resource.Name, program, cancellationToken);
            if (exitCode != 0)
                throw new LocalHostException($"The script {script} failed while PostgreSQL's data was made ({string.Join(" ", output.TakeLast(2)).TrimEnd('.')}): correct it, and start again.");
        }
    }

    /// <summary>A server that was killed leaves its lock file; its process id may since belong to someone else, at whom PostgreSQL would stop.</summary>
    private static void ClearStaleLock(string data)
    {
        var path = Path.Combine(data, "postmaster.pid");
        if (!File.Exists(path) || !int.TryParse(File.ReadLines(path).FirstOrDefault(), out var id))
            return;
        if (ProcessRecord.CommandLineOf(id) is { } command && command.Contains(data) && command.Any(a => Path.GetFileName(a) == "postgres"))
        {
            throw new LocalHostException(
                $"A PostgreSQL server that this host did not start (process {id}) is using the data folder {data}: stop it, or set LocalHost__DataFolder to another folder.");
        }

        File.Delete(path);
    }

    private static Dictionary<string, string> Variables(string home) => new()
    {
        ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin",
        ["HOME"] = home,
        ["LC_MESSAGES"] = "C",
    };
}
