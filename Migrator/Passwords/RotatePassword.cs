using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Npgsql;
using Shabou.Schema;
using Shabou.Schema.Passwords;
using Shabou.Schema.Tls;

namespace Shabou.Migrator.Passwords;

/// <summary>Gives a role a new password while its services run: <c>rotate-password catalog</c>. They know the next password before PostgreSQL does, and forget
/// the old one after it, so that at no moment both are wrong.</summary>
internal sealed partial class RotatePassword(IConfiguration configuration, IHostEnvironment environment, IOptions<RotationOptions> options, ILogger<RotatePassword> logger)
{
    public const string Verb = "rotate-password";

    private const int Bytes = 32;

    /// <returns>The process's exit code: 0 when the role has its new password and its services know it.</returns>
    public async Task<int> RunAsync(string role, CancellationToken cancellationToken)
    {
        if (Objection(role) is { } objection)
        {
            LogRefused(objection);
            return 1;
        }
        var connectionString = configuration.GetConnectionString(ShabouContext.ConnectionName)!;
        if (!environment.IsDevelopment()) TlsRule.Require(connectionString);
        var folder = Path.Combine(options.Value.Folder!, role);
        try
        {
            var next = Path.Combine(folder, PasswordFiles.Next);
            // One that an interrupted run left may be the one that PostgreSQL has: go on with it.
            var password = File.Exists(next) ? (await File.ReadAllTextAsync(next, cancellationToken)).Trim() : Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes));
            await SecretFile.WriteAsync(next, password, cancellationToken);
            await SetAsync(connectionString, role, password, cancellationToken);
            await TryAsync(connectionString, role, password, cancellationToken);
            await SecretFile.WriteAsync(Path.Combine(folder, PasswordFiles.Current), password, cancellationToken);
            // The next run of Migrator sets what it is configured with: it must be this one.
            await SecretFile.WriteAsync(Path.Combine(options.Value.Folder!, Roles.Migrator, $"Roles__{role}__Password"), password, cancellationToken);
            File.Delete(next);
        }
        catch (Exception error) when (error is NpgsqlException or IOException or UnauthorizedAccessException)
        {
            LogFailed(role, error.Message.TrimEnd('.'));
            return 1;
        }
        LogRotated(role, folder);
        return 0;
    }

    private string? Objection(string role) => this switch
    {
        _ when !Roles.All.Contains(role) => $"'{role}' is no role: use {string.Join(", ", Roles.All)}.",
        _ when string.IsNullOrEmpty(options.Value.Folder) => "Rotation:Folder is missing: name the folder that holds, in a folder per role, the secrets which the services mount.",
        _ when !Directory.Exists(Path.Combine(options.Value.Folder, role)) => $"Rotation:Folder has no folder '{role}': make it, and let the services of that role mount it as their Secrets:Folder.",
        _ when string.IsNullOrEmpty(configuration.GetConnectionString(ShabouContext.ConnectionName)) => "ConnectionStrings:shabou is missing; give Migrator the owner's connection string.",
        _ => null,
    };

    private static async Task SetAsync(string connectionString, string role, string password, CancellationToken cancellationToken)
    {
        await using var owner = new NpgsqlConnection(connectionString);
        await owner.OpenAsync(cancellationToken);
        await using var quote = new NpgsqlCommand("SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', $1, $2)", owner) { Parameters = { new() { Value = role }, new() { Value = password } } };
        await using var set = new NpgsqlCommand((string)(await quote.ExecuteScalarAsync(cancellationToken))!, owner);
        await set.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Logs in with it. A role that may not connect to the database has been let in when that is what it is told.</summary>
    private static async Task TryAsync(string connectionString, string role, string password, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Username = role, Password = password, Pooling = false }.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
        }
        catch (PostgresException inside) when (inside.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
        }
    }

    [LoggerMessage(LogLevel.Information, "The role {Role} has a new password, which is in {Folder}; its services use it from the next connection on")] private partial void LogRotated(string role, string folder);
    [LoggerMessage(LogLevel.Critical, "{Reason}")] private partial void LogRefused(string reason);
    [LoggerMessage(LogLevel.Critical, "The password of {Role} was not rotated to the end ({Reason}); services go on with whichever counts: mend it and run the command again")] private partial void LogFailed(string role, string reason);
}
