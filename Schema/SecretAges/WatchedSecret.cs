using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Shabou.Schema.SecretAges;

/// <summary>A secret of this program whose age is watched.</summary>
/// <param name="Name">For people and the table <c>ops.secret_versions</c>, such as <c>database-login:catalog</c>. Never its value.</param>
/// <param name="Read">Its value now; null when it is not used.</param>
public sealed record WatchedSecret(string Name, Func<IConfiguration, string?> Read);

/// <summary>How a program says which of its secrets are to be watched.</summary>
public static class WatchedSecrets
{
    /// <summary>What the names of database passwords begin with: they may be older than other secrets.</summary>
    public const string DatabasePasswordPrefix = "database-login:";

    /// <summary>Watches the secret under a key of configuration.</summary>
    public static IServiceCollection AddWatchedSecret(this IServiceCollection services, string name, string key) =>
        services.AddSingleton(new WatchedSecret(name, configuration => configuration[key]));

    /// <summary>Watches the password of a connection string; each login is a secret of its own.</summary>
    internal static void AddWatchedPassword(this IServiceCollection services, IConfiguration configuration, string connection)
    {
        if (Parse(configuration, connection) is not { Username: { Length: > 0 } user } || PasswordOf(configuration) is not { Length: > 0 }) return;
        services.AddSingleton(new WatchedSecret(DatabasePasswordPrefix + user, PasswordOf));

        // A file that is replaced while the program runs wins over the connection string.
        string? PasswordOf(IConfiguration now) => now["Database:Password"] ?? Parse(now, connection)?.Password;
    }

    private static NpgsqlConnectionStringBuilder? Parse(IConfiguration configuration, string connection) =>
        configuration.GetConnectionString(connection) is { Length: > 0 } text ? new(text) : null;
}
