using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Shabou.Gateway.Identity.Keys;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.Identity.Keys;

/// <summary>What lies in the database is of no use without the master key, and gateways agree on it.</summary>
public sealed class MasterKeyTests(GatewayFixture fixture)
{
    private const string NewMaster = "another-master-key-that-only-tests-use-0123456789";
    private static readonly Uri Health = new("/health", UriKind.Relative);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Gateways_that_start_together_agree_on_one_key_and_a_later_one_finds_it()
    {
        var database = await fixture.Postgres.NewDatabaseAsync();
        using var one = fixture.Gateway(("ConnectionStrings:shabou", database));
        using var two = fixture.Gateway(("ConnectionStrings:shabou", database));
        await Task.WhenAll(Task.Run(one.StartServer, Cancelled), Task.Run(two.StartServer, Cancelled));
        using var later = fixture.Gateway(("ConnectionStrings:shabou", database));
        var kids = await Task.WhenAll(((GatewayHost[])[one, two, later]).Select(async gateway => Assert.Single((await PublishedKeys.ReadAsync(gateway)).Keys).Kid));
        Assert.Single(kids.Distinct());
        Assert.All((GatewayHost[])[one, two, later], gateway => Assert.NotNull(Keys(gateway).Current!.Signing(DateTimeOffset.UtcNow)));
        Assert.Equal((1, 1), await RowsAsync(database));

        var closed = Protector(one).Protect("half a sign-in");
        Assert.All((GatewayHost[])[two, later], gateway => Assert.Equal("half a sign-in", Protector(gateway).Unprotect(closed)));

        static IDataProtector Protector(GatewayHost gateway) => gateway.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test");
    }

    [Fact]
    public async Task Private_keys_are_unreadable_where_they_lie()
    {
        var database = await fixture.Postgres.NewDatabaseAsync();
        using var gateway = fixture.Gateway(("ConnectionStrings:shabou", database));
        gateway.StartServer();
        await using var context = fixture.Postgres.Context(database);
        var row = await context.Set<Schema.Identity.SigningKey>().SingleAsync(Cancelled);
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(row.PublicKey, out _);
        Assert.Equal(row.Kid, RingKey.KidOf(key));
        Assert.Equal(DateTimeOffset.MaxValue, row.ValidUntil);
        Assert.ThrowsAny<CryptographicException>(() => ECDsa.Create().ImportPkcs8PrivateKey(Convert.FromBase64String(row.PrivateKey), out _));

        var xml = (await context.Set<Schema.Identity.DataProtectionKey>().SingleAsync(Cancelled)).Xml;
        Assert.Contains("<sealed master=", xml, StringComparison.Ordinal);
        Assert.DoesNotContain("<value>", xml, StringComparison.Ordinal); // how Data Protection writes a key in the clear
    }

    [Fact]
    public async Task A_wrong_master_key_makes_a_gateway_unready_by_name_and_changes_nothing()
    {
        var database = await fixture.Postgres.NewDatabaseAsync();
        using (var first = fixture.Gateway(("ConnectionStrings:shabou", database)))
            first.StartServer();
        using var wrong = fixture.Gateway(("ConnectionStrings:shabou", database), ("Identity:MasterKey", NewMaster), ("Tokens:ReadEvery", "00:00:00.100"));
        wrong.StartServer();
        for (var i = 0; i < 3; i++)
            Assert.False(await Keys(wrong).RefreshAsync(Cancelled));
        var report = await wrong.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancelled);
        Assert.Equal(HealthStatus.Unhealthy, report.Status);
        Assert.Contains("Identity:MasterKey is not the one", report.Entries["signing-keys-read"].Description, StringComparison.Ordinal);
        using var client = wrong.Client(await fixture.Postgres.IssueAsync(database: database));
        using (var health = await client.GetAsync(Health, Cancelled))
            Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        using (var refused = await client.GetAsync(new Uri("/api/v1/products", UriKind.Relative), Cancelled))
            await refused.ProblemAsync(HttpStatusCode.ServiceUnavailable, "database-unavailable");
        using (var unpublished = await client.GetAsync(new Uri("/.well-known/jwks.json", UriKind.Relative), Cancelled))
            await unpublished.ProblemAsync(HttpStatusCode.ServiceUnavailable, "database-unavailable");
        Assert.Equal((1, 1), await RowsAsync(database));
    }

    [Fact]
    public async Task The_master_key_is_changed_by_naming_the_previous_one()
    {
        var database = await fixture.Postgres.NewDatabaseAsync();
        string kid;
        using (var before = fixture.Gateway(("ConnectionStrings:shabou", database)))
            kid = Assert.Single((await PublishedKeys.ReadAsync(before)).Keys).Kid;
        (string, string?)[] changed = [("ConnectionStrings:shabou", database), ("Identity:MasterKey", NewMaster), ("Identity:PreviousMasterKey", GatewayHost.MasterKey)];
        using (var after = fixture.Gateway(changed))
        {
            after.StartServer();
            Assert.Equal(kid, Keys(after).Current!.Signing(DateTimeOffset.UtcNow)!.Kid); // what the former key sealed is still open
        }
        Assert.Equal((2, 1), await RowsAsync(database));
        using var again = fixture.Gateway(changed);
        again.StartServer();
        Assert.Equal((2, 1), await RowsAsync(database)); // once is enough
    }

    [Fact]
    public void What_is_sealed_opens_by_its_key_only_and_unchanged()
    {
        var (key, other) = (new MasterKey(GatewayHost.MasterKey), new MasterKey(NewMaster));
        var box = key.Seal("secret"u8.ToArray());
        Assert.Equal("secret"u8.ToArray(), key.Open(box));
        Assert.NotEqual(box, key.Seal("secret"u8.ToArray()));
        Assert.NotEqual(key.Id, other.Id);
        Assert.ThrowsAny<CryptographicException>(() => other.Open(box));
        for (var i = 0; i < box.Length; i++)
        {
            var changed = box.ToArray();
            changed[i] ^= 1;
            Assert.ThrowsAny<CryptographicException>(() => key.Open(changed));
        }
        Assert.ThrowsAny<CryptographicException>(() => key.Open(box[..10]));
    }

    private static SigningKeys Keys(GatewayHost gateway) => gateway.Services.GetRequiredService<SigningKeys>();

    private async Task<(int Protection, int Signing)> RowsAsync(string database)
    {
        await using var context = fixture.Postgres.Context(database);
        return (await context.Set<Schema.Identity.DataProtectionKey>().CountAsync(Cancelled), await context.Set<Schema.Identity.SigningKey>().CountAsync(Cancelled));
    }
}
