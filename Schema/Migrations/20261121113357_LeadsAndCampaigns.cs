using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Shabou.Schema.Migrations
{
    /// <inheritdoc />
    public partial class LeadsAndCampaigns : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "ck_campaigns_locations",
                schema: "prospector",
                table: "campaigns");

            migrationBuilder.DropCheckConstraint(
                name: "ck_campaign_runs_counts",
                schema: "prospector",
                table: "campaign_runs");

            migrationBuilder.AddColumn<string>(
                name: "changed_by",
                schema: "prospector",
                table: "leads",
                type: "character varying(200)",
                maxLength: 200,
                nullable: false,
                defaultValue: "system");

            migrationBuilder.AddColumn<string>(
                name: "changed_trace",
                schema: "prospector",
                table: "leads",
                type: "character varying(64)",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "follow_up_on",
                schema: "prospector",
                table: "leads",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "name",
                schema: "prospector",
                table: "leads",
                type: "character varying(200)",
                maxLength: 200,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "notes",
                schema: "prospector",
                table: "leads",
                type: "character varying(4000)",
                maxLength: 4000,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "owner",
                schema: "prospector",
                table: "leads",
                type: "character varying(100)",
                maxLength: 100,
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "revision",
                schema: "prospector",
                table: "leads",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "score",
                schema: "prospector",
                table: "leads",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "score_reasons",
                schema: "prospector",
                table: "leads",
                type: "jsonb",
                nullable: false,
                defaultValueSql: "'[]'");

            migrationBuilder.AddColumn<int>(
                name: "score_version",
                schema: "prospector",
                table: "leads",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "search",
                schema: "prospector",
                table: "leads",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "stage_reason",
                schema: "prospector",
                table: "leads",
                type: "character varying(300)",
                maxLength: 300,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "match_name",
                schema: "prospector",
                table: "google_content",
                type: "character varying(500)",
                maxLength: 500,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "place_id",
                schema: "prospector",
                table: "google_content",
                type: "character varying(300)",
                maxLength: 300,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "changed_by",
                schema: "prospector",
                table: "campaigns",
                type: "character varying(200)",
                maxLength: 200,
                nullable: false,
                defaultValue: "system");

            migrationBuilder.AddColumn<string>(
                name: "changed_trace",
                schema: "prospector",
                table: "campaigns",
                type: "character varying(64)",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "grid",
                schema: "prospector",
                table: "campaigns",
                type: "jsonb",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "preset",
                schema: "prospector",
                table: "campaigns",
                type: "character varying(40)",
                maxLength: 40,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "schedule",
                schema: "prospector",
                table: "campaigns",
                type: "character varying(120)",
                maxLength: 120,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "schedule_reason",
                schema: "prospector",
                table: "campaigns",
                type: "character varying(300)",
                maxLength: 300,
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "scheduled_since",
                schema: "prospector",
                table: "campaigns",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "searches",
                schema: "prospector",
                table: "campaigns",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "due_period",
                schema: "prospector",
                table: "campaign_runs",
                type: "character varying(10)",
                maxLength: 10,
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "job_id",
                schema: "prospector",
                table: "campaign_runs",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "searches",
                schema: "prospector",
                table: "campaign_runs",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "suppressed",
                schema: "prospector",
                table: "campaign_runs",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.CreateTable(
                name: "contact_consents",
                schema: "prospector",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    lead_id = table.Column<Guid>(type: "uuid", nullable: false),
                    contact_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    given_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    how = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    recorded_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    recorded_by = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    withdrawn_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    withdrawn_by = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    active = table.Column<bool>(type: "boolean", nullable: false, computedColumnSql: "withdrawn_at IS NULL", stored: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_contact_consents", x => x.id);
                    table.CheckConstraint("ck_contact_consents_given_at", "given_at <= recorded_at");
                    table.CheckConstraint("ck_contact_consents_withdrawn", "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)");
                    table.ForeignKey(
                        name: "fk_contact_consents_leads_lead_id",
                        column: x => x.lead_id,
                        principalSchema: "prospector",
                        principalTable: "leads",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "lead_exports",
                schema: "ops",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    actor = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    trace_id = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    purpose = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    format = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: false),
                    filters = table.Column<string>(type: "jsonb", nullable: false),
                    leads = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_lead_exports", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "lead_places",
                schema: "prospector",
                columns: table => new
                {
                    place_id = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    lead_id = table.Column<Guid>(type: "uuid", nullable: false),
                    place_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    phone_hash = table.Column<byte[]>(type: "bytea", nullable: true),
                    domain_hash = table.Column<byte[]>(type: "bytea", nullable: true),
                    first_seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    last_seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_lead_places", x => x.place_id);
                    table.CheckConstraint("ck_lead_places_hashes", "octet_length(place_hash) = 32 AND (phone_hash IS NULL OR octet_length(phone_hash) = 32) AND (domain_hash IS NULL OR octet_length(domain_hash) = 32)");
                    table.ForeignKey(
                        name: "fk_lead_places_leads_lead_id",
                        column: x => x.lead_id,
                        principalSchema: "prospector",
                        principalTable: "leads",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "lead_stage_changes",
                schema: "ops",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    lead_id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    actor = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    trace_id = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    from_stage = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: true),
                    to_stage = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    reason = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_lead_stage_changes", x => x.id);
                    table.ForeignKey(
                        name: "fk_lead_stage_changes_leads_lead_id",
                        column: x => x.lead_id,
                        principalSchema: "prospector",
                        principalTable: "leads",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "suppressions",
                schema: "prospector",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: false),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    reason = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    created_by = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    removal_reason = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    changed_by = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false, defaultValue: "system"),
                    changed_trace = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_suppressions", x => x.id);
                    table.CheckConstraint("ck_suppressions_hash", "octet_length(hash) = 32");
                });

            migrationBuilder.CreateTable(
                name: "lead_contacts",
                schema: "prospector",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    lead_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: false),
                    value = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    domain_hash = table.Column<byte[]>(type: "bytea", nullable: true),
                    is_personal = table.Column<bool>(type: "boolean", nullable: false),
                    person_name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    source = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    consent_id = table.Column<Guid>(type: "uuid", nullable: true),
                    needs_active_consent = table.Column<bool>(type: "boolean", nullable: true, computedColumnSql: "CASE WHEN is_personal THEN true END", stored: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    created_by = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_lead_contacts", x => x.id);
                    table.CheckConstraint("ck_lead_contacts_hash", "octet_length(hash) = 32 AND (kind = 'Email') = (domain_hash IS NOT NULL)");
                    table.CheckConstraint("ck_lead_contacts_named_mailbox", "kind <> 'Email' OR is_personal OR split_part(value, '@', 1) ~ '^(accueil|achats?|admin|administration|atelier|bonjour|bureau|caisse|commandes?|commercial|comptabilite|compta|contact|contacts|depot|devis|direction|facturation|garage|hello|info|infos|information|informations|livraison|logistique|magasin|mail|marketing|office|pieces|pneus|rdv|reception|sales|sav|secretariat|service|services|shop|showroom|societe|stock|support|vente|ventes|web|webmaster)[0-9]*$'");
                    table.CheckConstraint("ck_lead_contacts_named_person", "person_name IS NULL OR is_personal");
                    table.CheckConstraint("ck_lead_contacts_personal_consent", "NOT is_personal OR consent_id IS NOT NULL");
                    table.ForeignKey(
                        name: "fk_lead_contacts_contact_consents_consent_id",
                        column: x => x.consent_id,
                        principalSchema: "prospector",
                        principalTable: "contact_consents",
                        principalColumn: "id");
                    table.ForeignKey(
                        name: "fk_lead_contacts_leads_lead_id",
                        column: x => x.lead_id,
                        principalSchema: "prospector",
                        principalTable: "leads",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_leads_follow_up_on",
                schema: "prospector",
                table: "leads",
                column: "follow_up_on",
                filter: "follow_up_on IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_leads_owner_id",
                schema: "prospector",
                table: "leads",
                columns: new[] { "owner", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_leads_score_id",
                schema: "prospector",
                table: "leads",
                columns: new[] { "score", "id" },
                descending: new[] { true, false });

            migrationBuilder.CreateIndex(
                name: "ix_leads_search",
                schema: "prospector",
                table: "leads",
                column: "search")
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:IndexOperators", new[] { "gin_trgm_ops" });

            migrationBuilder.AddCheckConstraint(
                name: "ck_leads_lost",
                schema: "prospector",
                table: "leads",
                sql: "stage <> 'Lost' OR stage_reason IS NOT NULL");

            migrationBuilder.AddCheckConstraint(
                name: "ck_leads_score",
                schema: "prospector",
                table: "leads",
                sql: "score BETWEEN 0 AND 100");

            migrationBuilder.CreateIndex(
                name: "ix_google_content_latitude_longitude",
                schema: "prospector",
                table: "google_content",
                columns: new[] { "latitude", "longitude" });

            migrationBuilder.CreateIndex(
                name: "ix_google_content_match_name",
                schema: "prospector",
                table: "google_content",
                column: "match_name")
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:IndexOperators", new[] { "gin_trgm_ops" });

            migrationBuilder.AddCheckConstraint(
                name: "ck_campaigns_locations",
                schema: "prospector",
                table: "campaigns",
                sql: "(cardinality(locations) > 0) <> (grid IS NOT NULL)");

            migrationBuilder.AddCheckConstraint(
                name: "ck_campaigns_schedule",
                schema: "prospector",
                table: "campaigns",
                sql: "(schedule IS NULL) = (scheduled_since IS NULL)");

            migrationBuilder.CreateIndex(
                name: "ux_campaign_runs_due_period",
                schema: "prospector",
                table: "campaign_runs",
                columns: new[] { "campaign_id", "due_period" },
                unique: true,
                filter: "due_period IS NOT NULL");

            migrationBuilder.AddCheckConstraint(
                name: "ck_campaign_runs_counts",
                schema: "prospector",
                table: "campaign_runs",
                sql: "calls >= 0 AND new_leads >= 0 AND duplicates >= 0 AND suppressed >= 0 AND found = new_leads + duplicates + suppressed");

            migrationBuilder.CreateIndex(
                name: "ix_contact_consents_lead_id",
                schema: "prospector",
                table: "contact_consents",
                column: "lead_id");

            migrationBuilder.CreateIndex(
                name: "ix_lead_contacts_consent_id",
                schema: "prospector",
                table: "lead_contacts",
                column: "consent_id");

            migrationBuilder.CreateIndex(
                name: "ix_lead_contacts_hash",
                schema: "prospector",
                table: "lead_contacts",
                column: "hash");

            migrationBuilder.CreateIndex(
                name: "ix_lead_contacts_lead_id_kind_value",
                schema: "prospector",
                table: "lead_contacts",
                columns: new[] { "lead_id", "kind", "value" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_lead_places_domain_hash",
                schema: "prospector",
                table: "lead_places",
                column: "domain_hash");

            migrationBuilder.CreateIndex(
                name: "ix_lead_places_lead_id",
                schema: "prospector",
                table: "lead_places",
                column: "lead_id");

            migrationBuilder.CreateIndex(
                name: "ix_lead_places_phone_hash",
                schema: "prospector",
                table: "lead_places",
                column: "phone_hash");

            migrationBuilder.CreateIndex(
                name: "ix_lead_places_place_hash",
                schema: "prospector",
                table: "lead_places",
                column: "place_hash");

            migrationBuilder.CreateIndex(
                name: "ix_lead_stage_changes_lead_id_id",
                schema: "ops",
                table: "lead_stage_changes",
                columns: new[] { "lead_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_suppressions_hash_kind",
                schema: "prospector",
                table: "suppressions",
                columns: new[] { "hash", "kind" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_suppressions_kind_id",
                schema: "prospector",
                table: "suppressions",
                columns: new[] { "kind", "id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "lead_contacts",
                schema: "prospector");

            migrationBuilder.DropTable(
                name: "lead_exports",
                schema: "ops");

            migrationBuilder.DropTable(
                name: "lead_places",
                schema: "prospector");

            migrationBuilder.DropTable(
                name: "lead_stage_changes",
                schema: "ops");

            migrationBuilder.DropTable(
                name: "suppressions",
                schema: "prospector");

            migrationBuilder.DropTable(
                name: "contact_consents",
                schema: "prospector");

            migrationBuilder.DropIndex(
                name: "ix_leads_follow_up_on",
                schema: "prospector",
                table: "leads");

            migrationBuilder.DropIndex(
                name: "ix_leads_owner_id",
                schema: "prospector",
                table: "leads");

            migrationBuilder.DropIndex(
                name: "ix_leads_score_id",
                schema: "prospector",
                table: "leads");

            migrationBuilder.DropIndex(
                name: "ix_leads_search",
                schema: "prospector",
                table: "leads");

            migrationBuilder.DropCheckConstraint(
                name: "ck_leads_lost",
                schema: "prospector",
                table: "leads");

            migrationBuilder.DropCheckConstraint(
                name: "ck_leads_score",
                schema: "prospector",
                table: "leads");

            migrationBuilder.DropIndex(
                name: "ix_google_content_latitude_longitude",
                schema: "prospector",
                table: "google_content");

            migrationBuilder.DropIndex(
                name: "ix_google_content_match_name",
                schema: "prospector",
                table: "google_content");

            migrationBuilder.DropCheckConstraint(
                name: "ck_campaigns_locations",
                schema: "prospector",
                table: "campaigns");

            migrationBuilder.DropCheckConstraint(
                name: "ck_campaigns_schedule",
                schema: "prospector",
                table: "campaigns");

            migrationBuilder.DropIndex(
                name: "ux_campaign_runs_due_period",
                schema: "prospector",
                table: "campaign_runs");

            migrationBuilder.DropCheckConstraint(
                name: "ck_campaign_runs_counts",
                schema: "prospector",
                table: "campaign_runs");

            migrationBuilder.DropColumn(
                name: "changed_by",
                schema: "prospector",
                table: "leads");

            migrationBuilder.DropColumn(
                name: "changed_trace",
                schema: "prospector",
                table: "leads");

            migrationBuilder.DropColumn(
                name: "follow_up_on",
                schema: "prospector",
                table: "leads");

            migrationBuilder.DropColumn(
                name: "name",
                schema: "prospector",
                table: "leads");

            migrationBuilder.DropColumn(
                name: "notes",
                schema: "prospector",
                table: "leads");

            migrationBuilder.DropColumn(
                name: "owner",
                schema: "prospector",
                table: "leads");

            migrationBuilder.DropColumn(
                name: "revision",
                schema: "prospector",
                table: "leads");

            migrationBuilder.DropColumn(
                name: "score",
                schema: "prospector",
                table: "leads");

            migrationBuilder.DropColumn(
                name: "score_reasons",
                schema: "prospector",
                table: "leads");

            migrationBuilder.DropColumn(
                name: "score_version",
                schema: "prospector",
                table: "leads");

            migrationBuilder.DropColumn(
                name: "search",
                schema: "prospector",
                table: "leads");

            migrationBuilder.DropColumn(
                name: "stage_reason",
                schema: "prospector",
                table: "leads");

            migrationBuilder.DropColumn(
                name: "match_name",
                schema: "prospector",
                table: "google_content");

            migrationBuilder.DropColumn(
                name: "place_id",
                schema: "prospector",
                table: "google_content");

            migrationBuilder.DropColumn(
                name: "changed_by",
                schema: "prospector",
                table: "campaigns");

            migrationBuilder.DropColumn(
                name: "changed_trace",
                schema: "prospector",
                table: "campaigns");

            migrationBuilder.DropColumn(
                name: "grid",
                schema: "prospector",
                table: "campaigns");

            migrationBuilder.DropColumn(
                name: "preset",
                schema: "prospector",
                table: "campaigns");

            migrationBuilder.DropColumn(
                name: "schedule",
                schema: "prospector",
                table: "campaigns");

            migrationBuilder.DropColumn(
                name: "schedule_reason",
                schema: "prospector",
                table: "campaigns");

            migrationBuilder.DropColumn(
                name: "scheduled_since",
                schema: "prospector",
                table: "campaigns");

            migrationBuilder.DropColumn(
                name: "searches",
                schema: "prospector",
                table: "campaigns");

            migrationBuilder.DropColumn(
                name: "due_period",
                schema: "prospector",
                table: "campaign_runs");

            migrationBuilder.DropColumn(
                name: "job_id",
                schema: "prospector",
                table: "campaign_runs");

            migrationBuilder.DropColumn(
                name: "searches",
                schema: "prospector",
                table: "campaign_runs");

            migrationBuilder.DropColumn(
                name: "suppressed",
                schema: "prospector",
                table: "campaign_runs");

            migrationBuilder.AddCheckConstraint(
                name: "ck_campaigns_locations",
                schema: "prospector",
                table: "campaigns",
                sql: "cardinality(locations) > 0");

            migrationBuilder.AddCheckConstraint(
                name: "ck_campaign_runs_counts",
                schema: "prospector",
                table: "campaign_runs",
                sql: "calls >= 0 AND new_leads >= 0 AND duplicates >= 0 AND found = new_leads + duplicates");
        }
    }
}
