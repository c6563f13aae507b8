using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Shabou.Testing;
using static Shabou.ProspectorService.Tests.LeadDesk;

namespace Shabou.ProspectorService.Tests;

public sealed class ContactTests(TestServers servers)
{
    private static readonly object Consent = new { givenAt = "2026-01-05T10:00:00Z", how = "formulaire signé" };

    [Fact]
    public async Task Company_phones_and_generic_mailboxes_need_no_consent_and_persons_do()
    {
        await using var desk = await OpenAsync(servers);
        var lead = await desk.LeadAsync(Place("a"));
        var address = $"/api/v1/leads/{lead}/contacts";
        Assert.Equal(201, (await desk.PostAsync(address, new { kind = "phone", value = "74 111 222", source = "enseigne" })).Status);
        Assert.Equal(201, (await desk.PostAsync(address, new { kind = "email", value = "Info@Garage.example", source = "site" })).Status);
        Assert.Equal(422, (await desk.PostAsync(address, new { kind = "email", value = "ali@garage.example", source = "site" })).Status);
        Assert.Equal(422, (await desk.PostAsync(address, new { kind = "phone", value = "98 111 222", source = "carte", personName = "Ali" })).Status);
        var (status, contact) = await desk.PostAsync(address, new { kind = "email", value = "ali@garage.example", source = "site", consent = Consent });
        Assert.Equal((201, true), (status, contact.GetProperty("isPersonal").GetBoolean()));
        Assert.Equal("formulaire signé", contact.GetProperty("consent").GetProperty("how").GetString());
        var contacts = (await desk.ReadAsync(lead)).GetProperty("contacts").EnumerateArray().Select(c => c.GetProperty("value").GetString());
        Assert.Equal(["+21674111222", "info@garage.example", "ali@garage.example"], contacts);
    }

    [Theory]
    [InlineData("""{"kind": "fax", "value": "74 111 222", "source": "x"}""", 400)]
    [InlineData("""{"kind": "phone", "value": "info@garage.example", "source": "x"}""", 400)]
    [InlineData("""{"kind": "email", "value": "74 111 222", "source": "x"}""", 400)]
    [InlineData("""{"kind": "email", "value": "info@garage.example"}""", 400)]
    [InlineData("""{"kind": "email", "value": "info@garage.example", "source": "x", "vip": true}""", 400)]
    [InlineData("""{"kind": "email", "value": "ali@garage.example", "source": "x", "consent": {"how": "oral"}}""", 400)]
    [InlineData("""{"kind": "email", "value": "ali@garage.example", "source": "x", "consent": {"how": "oral", "givenAt": "2999-01-01T00:00:00Z"}}""", 422)]
    public async Task Contacts_that_make_no_sense_are_refused(string body, int status)
    {
        await using var desk = await OpenAsync(servers);
        Assert.Equal(status, (await desk.PostAsync($"/api/v1/leads/{await desk.LeadAsync(Place("a"))}/contacts", body)).Status);
    }

    [Fact]
    public async Task A_contact_is_there_once_and_goes_with_the_leads_version()
    {
        await using var desk = await OpenAsync(servers);
        var lead = $"/api/v1/leads/{await desk.LeadAsync(Place("a"))}";
        var tag = await desk.TagAsync(lead);
        var (_, contact) = await desk.PostAsync($"{lead}/contacts", new { kind = "phone", value = "74 111 222", source = "x" });
        Assert.Equal(409, (await desk.PostAsync($"{lead}/contacts", new { kind = "phone", value = "+216 74-111-222", source = "x" })).Status);
        Assert.Equal(404, (await desk.PostAsync($"/api/v1/leads/{Guid.NewGuid()}/contacts", new { kind = "phone", value = "74 111 222", source = "x" })).Status);
        var address = $"{lead}/contacts/{contact.GetProperty("id").GetGuid()}";
        Assert.Equal(412, (await desk.SendAsync(HttpMethod.Delete, address, tag: tag)).Status);
        Assert.Equal(204, (await desk.SendAsync(HttpMethod.Delete, address, tagOf: lead)).Status);
        Assert.Equal(404, (await desk.SendAsync(HttpMethod.Delete, address, tagOf: lead)).Status);
    }

    [Fact]
    public async Task Who_withdraws_a_consent_is_forgotten_suppressed_and_the_proof_remains()
    {
        await using var desk = await OpenAsync(servers);
        var lead = $"/api/v1/leads/{await desk.LeadAsync(Place("a"))}";
        var (_, contact) = await desk.PostAsync($"{lead}/contacts", new { kind = "email", value = "ali@garage.example", source = "x", personName = "Ali", consent = Consent });
        Assert.Equal(204, (await desk.PostAsync($"{lead}/contacts/{contact.GetProperty("id").GetGuid()}/withdrawal", new { reason = "a écrit le 3 mars" })).Status);
        Assert.Empty((await desk.SendAsync(HttpMethod.Patch, lead, "{}")).Body.GetProperty("contacts").EnumerateArray());
        var consent = await desk.Rig.Database().ContactConsents.SingleAsync(Rig.Cancellation);
        Assert.Equal(("test-client", false), (consent.WithdrawnBy, consent.Active));
        Assert.NotNull(consent.WithdrawnAt);
        Assert.Equal(409, (await desk.PostAsync($"{lead}/contacts", new { kind = "email", value = "ALI@garage.example", source = "x", consent = Consent })).Status);

        var (_, generic) = await desk.PostAsync($"{lead}/contacts", new { kind = "email", value = "info@garage.example", source = "x" });
        Assert.Equal(409, (await desk.PostAsync($"{lead}/contacts/{generic.GetProperty("id").GetGuid()}/withdrawal", new { reason = "test" })).Status);
    }

    [Fact]
    public async Task The_table_refuses_a_person_without_a_consent_of_theirs_that_holds()
    {
        await using var desk = await OpenAsync(servers);
        var (lead, other) = (await desk.LeadAsync(Place("a")), await desk.LeadAsync(Place("b")));
        var (mine, withdrawn, others) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        await desk.Rig.SqlAsync($"""
            INSERT INTO prospector.contact_consents (id, lead_id, contact_hash, given_at, how, recorded_at, recorded_by, withdrawn_at, withdrawn_by) VALUES
                ({mine}, {lead}, sha256('ali@x.tn'), now(), 'x', now(), 'x', NULL, NULL), ({withdrawn}, {lead}, sha256('ali@x.tn'), now(), 'x', now(), 'x', now(), 'x'),
                ({others}, {other}, sha256('ali@x.tn'), now(), 'x', now(), 'x', NULL, NULL)
            """);
        await RefusedAsync("ck_lead_contacts_personal_consent", lead, "ali@x.tn", personal: true, null);
        await RefusedAsync("ck_lead_contacts_named_mailbox", lead, "ali@x.tn", personal: false, null);
        await RefusedAsync("fk_lead_contacts_active_consent", lead, "ali@x.tn", personal: true, withdrawn);
        await RefusedAsync("fk_lead_contacts_active_consent", lead, "ali@x.tn", personal: true, others);
        await RefusedAsync("fk_lead_contacts_active_consent", lead, "samia@x.tn", personal: true, mine);
        await InsertAsync(lead, "info@x.tn", personal: false, null);
        await InsertAsync(lead, "ali@x.tn", personal: true, mine);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => desk.Rig.SqlAsync($"UPDATE prospector.contact_consents SET withdrawn_at = now(), withdrawn_by = 'x' WHERE id = {mine}"));
        Assert.Equal("fk_lead_contacts_active_consent", refused.ConstraintName);
        await desk.Rig.SqlAsync($"DELETE FROM prospector.leads WHERE id = {lead}"); // all of it goes together

        Task<int> InsertAsync(Guid of, string value, bool personal, Guid? consent) => desk.Rig.SqlAsync($"""
            INSERT INTO prospector.lead_contacts (id, lead_id, kind, value, hash, domain_hash, is_personal, source, consent_id, created_at, created_by)
            VALUES (gen_random_uuid(), {of}, 'Email', {value}, sha256(convert_to({value}, 'UTF8')), sha256('x.tn'), {personal}, 'x', {consent}::uuid, now(), 'x')
            """);

        async Task RefusedAsync(string constraint, Guid of, string value, bool personal, Guid? consent)
        {
            var error = await Assert.ThrowsAsync<PostgresException>(() => InsertAsync(of, value, personal, consent));
            Assert.Equal(constraint, error.ConstraintName);
        }
    }
}
