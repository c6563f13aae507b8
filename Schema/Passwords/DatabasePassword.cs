using Microsoft.Extensions.Configuration;
using Npgsql;

namespace Shabou.Schema.Passwords;

/// <summary>The password that this program logs in with, asked for whenever a connection is opened: one that was replaced needs no restart.</summary>
/// <remarks>Read from the files <c>Database__Password</c> and, while it is being replaced, <c>Database__NextPassword</c> in <c>Secrets:Folder</c>, at once and without
/// waiting for a watch; before there is any that of the connection string counts.</remarks>
internal sealed class DatabasePassword(IConfiguration configuration)
{
    private const string FolderKey = "Secrets:Folder";
    private const string DefaultFolder = "/run/secrets";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private string Folder => configuration[FolderKey] is { Length: > 0 } named ? named : DefaultFolder;

    /// <summary>Whether it comes from a file, or will when it is replaced for the first time; else a new one needs a restart.</summary>
    public bool CanBeReplaced => File.Exists(Path.Combine(Folder, PasswordFiles.Current)) || (configuration[FolderKey] is { Length: > 0 } && Configured is { Length: > 0 });

    private string? Configured => new NpgsqlConnectionStringBuilder(configuration.GetConnectionString(ShabouContext.ConnectionName)).Password;

    /// <summary>The one that PostgreSQL takes now. While there are two, the server is asked.</summary>
    /// <param name="connection">Where it is to be used.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public async ValueTask<string> ReadAsync(NpgsqlConnectionStringBuilder connection, CancellationToken cancellationToken)
    {
        var (current, next) = (Read(PasswordFiles.Current), Read(PasswordFiles.Next));
        return next is not null && (current is null || await IsTakenAsync(connection, next, cancellationToken)) ? next : current ?? connection.Password ?? Configured ?? "";
    }

    /// <summary>As the driver's synchronous calls need it, which ours never make.</summary>
    public string Read(NpgsqlConnectionStringBuilder connection) => Read(PasswordFiles.Current) ?? Read(PasswordFiles.Next) ?? connection.Password ?? Configured ?? "";

    private string? Read(string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(Folder, file)).TrimEnd('\r', '\n');
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static async Task<bool> IsTakenAsync(NpgsqlConnectionStringBuilder connection, string password, CancellationToken cancellationToken)
    {
        var trial = new NpgsqlConnectionStringBuilder(connection.ConnectionString) { Password = password, Pooling = false, Timeout = (int)Patience.TotalSeconds };
        try
        {
            await using var probe = new NpgsqlConnection(trial.ConnectionString);
            await probe.OpenAsync(cancellationToken);
            return true;
        }
        catch (NpgsqlException)
        {
            return false; // not yet, or the server is away: the caller's own attempt will say
        }
    }
}
