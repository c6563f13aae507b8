using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Shabou.Schema.Migrations
{
    /// <inheritdoc />
    public partial class Invariants : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Not validated here: a table is locked for a moment, not for the reading of all its rows. The next migration reads them beside the services.
            migrationBuilder.Sql("""
                ALTER TABLE catalog.vehicles ADD CONSTRAINT ck_vehicles_ktype CHECK (ktype > 0) NOT VALID;
                ALTER TABLE identity.users ADD CONSTRAINT ck_users_role_known CHECK (role IN ('NoAccess', 'User', 'Admin')) NOT VALID;
                ALTER TABLE prospector.suppressions ADD CONSTRAINT ck_suppressions_kind_known CHECK (kind IN ('Phone', 'Email', 'Domain', 'PlaceId')) NOT VALID;
                ALTER TABLE catalog.stock_reservations ADD CONSTRAINT ck_stock_reservations_ended CHECK ((state = 'Held') = (ended_at IS NULL)) NOT VALID;
                ALTER TABLE catalog.stock_reservations ADD CONSTRAINT ck_stock_reservations_state_known CHECK (state IN ('Held', 'Released', 'Expired', 'Fulfilled')) NOT VALID;
                ALTER TABLE catalog.reference_numbers ADD CONSTRAINT ck_reference_numbers_kind_known CHECK (kind IN ('Oe', 'Trade')) NOT VALID;
                ALTER TABLE catalog.products ADD CONSTRAINT ck_products_check_digit CHECK (gtin !~ '^[0-9]{8,14}$' OR (3 * (substr(lpad(gtin, 14, '0'), 1, 1)::int + substr(lpad(gtin, 14, '0'), 3, 1)::int + substr(lpad(gtin, 14, '0'), 5, 1)::int + substr(lpad(gtin, 14, '0'), 7, 1)::int + substr(lpad(gtin, 14, '0'), 9, 1)::int + substr(lpad(gtin, 14, '0'), 11, 1)::int + substr(lpad(gtin, 14, '0'), 13, 1)::int) + substr(lpad(gtin, 14, '0'), 2, 1)::int + substr(lpad(gtin, 14, '0'), 4, 1)::int + substr(lpad(gtin, 14, '0'), 6, 1)::int + substr(lpad(gtin, 14, '0'), 8, 1)::int + substr(lpad(gtin, 14, '0'), 10, 1)::int + substr(lpad(gtin, 14, '0'), 12, 1)::int + substr(lpad(gtin, 14, '0'), 14, 1)::int) % 10 = 0) NOT VALID;
                ALTER TABLE catalog.products ADD CONSTRAINT ck_products_currency CHECK (price_currency ~ '^[A-Z]{3}$') NOT VALID;
                ALTER TABLE catalog.products ADD CONSTRAINT ck_products_price_set_after CHECK (price_set_after >= 0) NOT VALID;
                ALTER TABLE catalog.price_lists ADD CONSTRAINT ck_price_lists_on_error_known CHECK (on_error IN ('RejectAll', 'RejectRows', 'Ignore')) NOT VALID;
                ALTER TABLE catalog.price_lists ADD CONSTRAINT ck_price_lists_rows CHECK (rows_read >= 0 AND rows_applied >= 0 AND rows_refused >= 0) NOT VALID;
                ALTER TABLE catalog.price_lists ADD CONSTRAINT ck_price_lists_state_known CHECK (state IN ('Uploaded', 'Checked', 'Refused', 'Applied', 'RolledBack')) NOT VALID;
                ALTER TABLE catalog.price_list_rows ADD CONSTRAINT ck_price_list_rows_line CHECK (line >= 0) NOT VALID;
                ALTER TABLE catalog.price_list_errors ADD CONSTRAINT ck_price_list_errors_line CHECK (line >= 0) NOT VALID;
                ALTER TABLE catalog.price_changes ADD CONSTRAINT ck_price_changes_amount CHECK (amount >= 0 AND set_after >= 0) NOT VALID;
                ALTER TABLE forecast.model_versions ADD CONSTRAINT ck_model_versions_quantile_levels CHECK (0 < ALL (quantile_levels) AND 1 > ALL (quantile_levels)) NOT VALID;
                ALTER TABLE jobs.minutes ADD CONSTRAINT ck_minutes_counts CHECK (succeeded >= 0 AND failed >= 0) NOT VALID;
                ALTER TABLE prospector.leads ADD CONSTRAINT ck_leads_stage_known CHECK (stage IN ('New', 'Contacted', 'Qualified', 'Offered', 'Customer', 'Lost')) NOT VALID;
                ALTER TABLE prospector.leads ADD CONSTRAINT ck_leads_versions CHECK (revision >= 0 AND score_version >= 0) NOT VALID;
                ALTER TABLE ops.lead_stage_changes ADD CONSTRAINT ck_lead_stage_changes_from_stage_known CHECK (from_stage IN ('New', 'Contacted', 'Qualified', 'Offered', 'Customer', 'Lost')) NOT VALID;
                ALTER TABLE ops.lead_stage_changes ADD CONSTRAINT ck_lead_stage_changes_to_stage_known CHECK (to_stage IN ('New', 'Contacted', 'Qualified', 'Offered', 'Customer', 'Lost')) NOT VALID;
                ALTER TABLE ops.lead_exports ADD CONSTRAINT ck_lead_exports_leads CHECK (leads >= 0) NOT VALID;
                ALTER TABLE prospector.lead_contacts ADD CONSTRAINT ck_lead_contacts_kind_known CHECK (kind IN ('Phone', 'Email')) NOT VALID;
                ALTER TABLE jobs.jobs ADD CONSTRAINT ck_jobs_attempts CHECK (attempt >= 0 AND max_attempts >= 1 AND redrives >= 0) NOT VALID;
                ALTER TABLE ops.idempotent_requests ADD CONSTRAINT ck_idempotent_requests_hashes CHECK (octet_length(key_hash) = 32 AND octet_length(request_hash) = 32) NOT VALID;
                ALTER TABLE ops.idempotent_requests ADD CONSTRAINT ck_idempotent_requests_status CHECK (status = 0 OR status BETWEEN 100 AND 599) NOT VALID;
                ALTER TABLE prospector.google_content ADD CONSTRAINT ck_google_content_place CHECK (latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180 AND rating BETWEEN 0 AND 5) NOT VALID;
                ALTER TABLE jobs.finished_jobs ADD CONSTRAINT ck_finished_jobs_attempts CHECK (attempt >= 0 AND max_attempts >= 1 AND redrives >= 0) NOT VALID;
                ALTER TABLE jobs.finished_jobs ADD CONSTRAINT ck_finished_jobs_priority CHECK (priority BETWEEN 1 AND 4) NOT VALID;
                ALTER TABLE jobs.finished_jobs ADD CONSTRAINT ck_finished_jobs_state_known CHECK (state IN ('Available', 'Running', 'Completed', 'Cancelled', 'Dead')) NOT VALID;
                ALTER TABLE prospector.campaigns ADD CONSTRAINT ck_campaigns_searches CHECK (searches >= 0) NOT VALID;
                ALTER TABLE prospector.campaign_runs ADD CONSTRAINT ck_campaign_runs_progress CHECK (search >= 0 AND page >= 0 AND searches >= 0) NOT VALID;
                ALTER TABLE prospector.campaign_runs ADD CONSTRAINT ck_campaign_runs_state_known CHECK (state IN ('Running', 'Completed', 'Stopped')) NOT VALID;
                ALTER TABLE prospector.budget_windows ADD CONSTRAINT ck_budget_windows_kind_known CHECK (kind IN ('Day', 'Month')) NOT VALID;
                ALTER TABLE prospector.budget_switch ADD CONSTRAINT ck_budget_switch_revisions CHECK (revision >= 0 AND ledger_version >= 0) NOT VALID;
                ALTER TABLE prospector.budget_reservations ADD CONSTRAINT ck_budget_reservations_expires CHECK (expires_at >= reserved_at) NOT VALID;
                ALTER TABLE prospector.budget_reservations ADD CONSTRAINT ck_budget_reservations_month CHECK (month_key = day_key - (extract(day FROM day_key)::int - 1)) NOT VALID;
                ALTER TABLE prospector.budget_reservations ADD CONSTRAINT ck_budget_reservations_state_known CHECK (state IN ('Reserved', 'Committed', 'Released', 'AssumedSpent')) NOT VALID;
                ALTER TABLE identity.api_keys ADD CONSTRAINT ck_api_keys_role_known CHECK (role IN ('Admin', 'User')) NOT VALID;
                ALTER TABLE ops.alerts ADD CONSTRAINT ck_alerts_attempts CHECK (attempts >= 0) NOT VALID;
                ALTER TABLE forecast.accuracy ADD CONSTRAINT ck_accuracy_counts CHECK (position >= 0 AND series_count >= 0) NOT VALID;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "ck_vehicles_ktype",
                schema: "catalog",
                table: "vehicles");

            migrationBuilder.DropCheckConstraint(
                name: "ck_users_role_known",
                schema: "identity",
                table: "users");

            migrationBuilder.DropCheckConstraint(
                name: "ck_suppressions_kind_known",
                schema: "prospector",
                table: "suppressions");

            migrationBuilder.DropCheckConstraint(
                name: "ck_stock_reservations_ended",
                schema: "catalog",
                table: "stock_reservations");

            migrationBuilder.DropCheckConstraint(
                name: "ck_stock_reservations_state_known",
                schema: "catalog",
                table: "stock_reservations");

            migrationBuilder.DropCheckConstraint(
                name: "ck_reference_numbers_kind_known",
                schema: "catalog",
                table: "reference_numbers");

            migrationBuilder.DropCheckConstraint(
                name: "ck_products_check_digit",
                schema: "catalog",
                table: "products");

            migrationBuilder.DropCheckConstraint(
                name: "ck_products_currency",
                schema: "catalog",
                table: "products");

            migrationBuilder.DropCheckConstraint(
                name: "ck_products_price_set_after",
                schema: "catalog",
                table: "products");

            migrationBuilder.DropCheckConstraint(
                name: "ck_price_lists_on_error_known",
                schema: "catalog",
                table: "price_lists");

            migrationBuilder.DropCheckConstraint(
                name: "ck_price_lists_rows",
                schema: "catalog",
                table: "price_lists");

            migrationBuilder.DropCheckConstraint(
                name: "ck_price_lists_state_known",
                schema: "catalog",
                table: "price_lists");

            migrationBuilder.DropCheckConstraint(
                name: "ck_price_list_rows_line",
                schema: "catalog",
                table: "price_list_rows");

            migrationBuilder.DropCheckConstraint(
                name: "ck_price_list_errors_line",
                schema: "catalog",
                table: "price_list_errors");

            migrationBuilder.DropCheckConstraint(
                name: "ck_price_changes_amount",
                schema: "catalog",
                table: "price_changes");

            migrationBuilder.DropCheckConstraint(
                name: "ck_model_versions_quantile_levels",
                schema: "forecast",
                table: "model_versions");

            migrationBuilder.DropCheckConstraint(
                name: "ck_minutes_counts",
                schema: "jobs",
                table: "minutes");

            migrationBuilder.DropCheckConstraint(
                name: "ck_leads_stage_known",
                schema: "prospector",
                table: "leads");

            migrationBuilder.DropCheckConstraint(
                name: "ck_leads_versions",
                schema: "prospector",
                table: "leads");

            migrationBuilder.DropCheckConstraint(
                name: "ck_lead_stage_changes_from_stage_known",
                schema: "ops",
                table: "lead_stage_changes");

            migrationBuilder.DropCheckConstraint(
                name: "ck_lead_stage_changes_to_stage_known",
                schema: "ops",
                table: "lead_stage_changes");

            migrationBuilder.DropCheckConstraint(
                name: "ck_lead_exports_leads",
                schema: "ops",
                table: "lead_exports");

            migrationBuilder.DropCheckConstraint(
                name: "ck_lead_contacts_kind_known",
                schema: "prospector",
                table: "lead_contacts");

            migrationBuilder.DropCheckConstraint(
                name: "ck_jobs_attempts",
                schema: "jobs",
                table: "jobs");

            migrationBuilder.DropCheckConstraint(
                name: "ck_idempotent_requests_hashes",
                schema: "ops",
                table: "idempotent_requests");

            migrationBuilder.DropCheckConstraint(
                name: "ck_idempotent_requests_status",
                schema: "ops",
                table: "idempotent_requests");

            migrationBuilder.DropCheckConstraint(
                name: "ck_google_content_place",
                schema: "prospector",
                table: "google_content");

            migrationBuilder.DropCheckConstraint(
                name: "ck_finished_jobs_attempts",
                schema: "jobs",
                table: "finished_jobs");

            migrationBuilder.DropCheckConstraint(
                name: "ck_finished_jobs_priority",
                schema: "jobs",
                table: "finished_jobs");

            migrationBuilder.DropCheckConstraint(
                name: "ck_finished_jobs_state_known",
                schema: "jobs",
                table: "finished_jobs");

            migrationBuilder.DropCheckConstraint(
                name: "ck_campaigns_searches",
                schema: "prospector",
                table: "campaigns");

            migrationBuilder.DropCheckConstraint(
                name: "ck_campaign_runs_progress",
                schema: "prospector",
                table: "campaign_runs");

            migrationBuilder.DropCheckConstraint(
                name: "ck_campaign_runs_state_known",
                schema: "prospector",
                table: "campaign_runs");

            migrationBuilder.DropCheckConstraint(
                name: "ck_budget_windows_kind_known",
                schema: "prospector",
                table: "budget_windows");

            migrationBuilder.DropCheckConstraint(
                name: "ck_budget_switch_revisions",
                schema: "prospector",
                table: "budget_switch");

            migrationBuilder.DropCheckConstraint(
                name: "ck_budget_reservations_expires",
                schema: "prospector",
                table: "budget_reservations");

            migrationBuilder.DropCheckConstraint(
                name: "ck_budget_reservations_month",
                schema: "prospector",
                table: "budget_reservations");

            migrationBuilder.DropCheckConstraint(
                name: "ck_budget_reservations_state_known",
                schema: "prospector",
                table: "budget_reservations");

            migrationBuilder.DropCheckConstraint(
                name: "ck_api_keys_role_known",
                schema: "identity",
                table: "api_keys");

            migrationBuilder.DropCheckConstraint(
                name: "ck_alerts_attempts",
                schema: "ops",
                table: "alerts");

            migrationBuilder.DropCheckConstraint(
                name: "ck_accuracy_counts",
                schema: "forecast",
                table: "accuracy");
        }
    }
}
