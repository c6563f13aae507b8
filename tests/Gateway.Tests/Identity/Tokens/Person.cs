using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shabou.Gateway.Identity.Tokens;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.Identity.Tokens;

/// <summary>Somebody who signed in: rows in the database, and tokens that a gateway issued.</summary>
internal sealed record Person(Guid Id, Guid Session)
{
    internal static async Task<Person> SignInAsync(string database)
    {
        var person = new Person(Guid.CreateVersion7(), Guid.CreateVersion7());
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand("""
            WITH person AS (INSERT INTO identity.users (id, subject, email, name, role, created_at) VALUES ($1, $2, $3, 'Amel', 'User', now()) RETURNING id)
            INSERT INTO identity.sessions (id, user_id, created_at, expires_at) SELECT $4, id, now(), now() + interval '90 days' FROM person
            """);
        foreach (var value in (object[])[person.Id, $"google-{person.Id}", $"{person.Id:N}@example.tn", person.Session])
            command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return person;
    }

    internal static async Task RevokeAsync(string database, string table, Guid id)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand($"UPDATE identity.{table} SET revoked_at = $2 WHERE id = $1");
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = DateTimeOffset.UtcNow });
        Assert.Equal(1, await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
    }

    internal string TokenFrom(GatewayHost gateway, string role = "USER")
    {
        gateway.StartServer();
        return gateway.Services.GetRequiredService<AccessTokens>().Issue(Id, "Amel", role, Session).Token;
    }

    internal static HttpClient Client(GatewayHost gateway, string token)
    {
        var client = gateway.Client();
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        return client;
    }
}
