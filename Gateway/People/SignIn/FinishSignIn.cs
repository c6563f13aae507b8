using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Npgsql;
using Shabou.Gateway.People.Sessions;
using Shabou.Schema.Identity;
using Shabou.ServiceDefaults.Auth;

namespace Shabou.Gateway.People.SignIn;

/// <summary>Google has vouched for somebody: they are written down, and their browser goes back to where it came from with a code that is
/// worth tokens once, for a minute, and only to whom the sign-in was begun for.</summary>
internal sealed partial class FinishSignIn(NpgsqlDataSource database, IOptions<SessionLifeOptions> options, TimeProvider time, ILogger<FinishSignIn> logger)
{
    internal const string ReturnTo = "returnUrl";
    internal const string Challenge = "codeChallenge";

    internal async Task RunAsync(TicketReceivedContext ticket)
    {
        var http = ticket.HttpContext;
        var person = new GooglePerson(
            ticket.Principal!.FindFirstValue(ClientClaims.Subject)!, ticket.Principal!.FindFirstValue(GoogleHandler.EmailClaim)!, ticket.Principal!.FindFirstValue(ClientClaims.Name)!);
        var items = ticket.Properties!.Items;
        var code = await RememberAsync(person, items.TryGetValue(Challenge, out var challenge) ? challenge : null, http.RequestAborted);
        ticket.HandleResponse();
        if (items.TryGetValue(ReturnTo, out var address) && address is not null)
            http.Response.Redirect(QueryHelpers.AddQueryString(address, "code", code));
        else
            await SignedInPage.WriteAsync(http, person.Name, code);
    }

    /// <returns>The code.</returns>
    private async Task<string> RememberAsync(GooglePerson person, string? challenge, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var code = OneTimeSecret.New();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // Google gives an address to one account at a time: who had it before has another one now, and will say so at their next sign-in.
        await using (var moved = new NpgsqlCommand("UPDATE identity.users SET email = 'reassigned ' || id WHERE email = $1 AND subject <> $2", connection))
        {
            moved.Parameters.Add(new() { Value = person.Email });
            moved.Parameters.Add(new() { Value = person.Subject });
            await moved.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var remember = new NpgsqlCommand("""
            WITH person AS (
                INSERT INTO identity.users (id, subject, email, name, role, created_at, last_sign_in_at) VALUES ($1, $2, $3, $4, $5, $6, $6)
                ON CONFLICT (subject) DO UPDATE SET email = excluded.email, name = excluded.name, last_sign_in_at = excluded.last_sign_in_at
                RETURNING id)
            INSERT INTO identity.sign_in_codes (hash, user_id, challenge, expires_at) SELECT $7, id, $8, $9 FROM person RETURNING user_id
            """, connection)
        {
            Parameters =
            {
                new() { Value = Guid.CreateVersion7(now) }, new() { Value = person.Subject }, new() { Value = person.Email }, new() { Value = person.Name },
                new() { Value = nameof(UserRole.NoAccess) }, new() { Value = now }, new() { Value = code.Hash },
                new() { Value = (object?)challenge ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text }, new() { Value = now + options.Value.CodeFor },
            },
        };
        var user = (Guid)(await remember.ExecuteScalarAsync(cancellationToken))!;
        await transaction.CommitAsync(cancellationToken);
        LogSignedIn(user);
        return code.Text;
    }

    [LoggerMessage(LogLevel.Information, "User {User} signed in with Google")] private partial void LogSignedIn(Guid user);
}
