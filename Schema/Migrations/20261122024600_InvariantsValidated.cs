using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Shabou.Schema.Migrations
{
    /// <inheritdoc />
    public partial class InvariantsValidated : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Reads every row while the services go on reading and writing: VALIDATE takes no lock that stops them.
            migrationBuilder.Sql("""
                ALTER TABLE catalog.vehicles VALIDATE CONSTRAINT ck_vehicles_ktype;
                ALTER TABLE identity.users VALIDATE CONSTRAINT ck_users_role_known;
                ALTER TABLE prospector.suppressions VALIDATE CONSTRAINT ck_suppressions_kind_known;
                ALTER TABLE catalog.stock_reservations VALIDATE CONSTRAINT ck_stock_reservations_ended;
                ALTER TABLE catalog.stock_reservations VALIDATE CONSTRAINT ck_stock_reservations_state_known;
                ALTER TABLE catalog.reference_numbers VALIDATE CONSTRAINT ck_reference_numbers_kind_known;
                ALTER TABLE catalog.products VALIDATE CONSTRAINT ck_products_check_digit;
                ALTER TABLE catalog.products VALIDATE CONSTRAINT ck_products_currency;
                ALTER TABLE catalog.products VALIDATE CONSTRAINT ck_products_price_set_after;
                ALTER TABLE catalog.price_lists VALIDATE CONSTRAINT ck_price_lists_on_error_known;
                ALTER TABLE catalog.price_lists VALIDATE CONSTRAINT ck_price_lists_rows;
                ALTER TABLE catalog.price_list_rows VALIDATE CONSTRAINT ck_price_list_rows_line;
                ALTER TABLE catalog.price_list_errors VALIDATE CONSTRAINT ck_price_list_errors_line;
                ALTER TABLE catalog.price_changes VALIDATE CONSTRAINT ck_price_changes_amount;
                ALTER TABLE forecast.model_versions VALIDATE CONSTRAINT ck_model_versions_quantile_levels;
                ALTER TABLE jobs.minutes VALIDATE CONSTRAINT ck_minutes_counts;
                ALTER TABLE prospector.leads VALIDATE CONSTRAINT ck_leads_stage_known;
                ALTER TABLE prospector.leads VALIDATE CONSTRAINT ck_leads_versions;
                ALTER TABLE ops.lead_stage_changes VALIDATE CONSTRAINT ck_lead_stage_changes_from_stage_known;
                ALTER TABLE ops.lead_stage_changes VALIDATE CONSTRAINT ck_lead_stage_changes_to_stage_known;
                ALTER TABLE ops.lead_exports VALIDATE CONSTRAINT ck_lead_exports_leads;
                ALTER TABLE prospector.lead_contacts VALIDATE CONSTRAINT ck_lead_contacts_kind_known;
                ALTER TABLE jobs.jobs VALIDATE CONSTRAINT ck_jobs_attempts;
                ALTER TABLE ops.idempotent_requests VALIDATE CONSTRAINT ck_idempotent_requests_hashes;
                ALTER TABLE ops.idempotent_requests VALIDATE CONSTRAINT ck_idempotent_requests_status;
                ALTER TABLE prospector.google_content VALIDATE CONSTRAINT ck_google_content_place;
                ALTER TABLE jobs.finished_jobs VALIDATE CONSTRAINT ck_finished_jobs_attempts;
                ALTER TABLE jobs.finished_jobs VALIDATE CONSTRAINT ck_finished_jobs_priority;
                ALTER TABLE jobs.finished_jobs VALIDATE CONSTRAINT ck_finished_jobs_state_known;
                ALTER TABLE prospector.campaigns VALIDATE CONSTRAINT ck_campaigns_searches;
                ALTER TABLE prospector.campaign_runs VALIDATE CONSTRAINT ck_campaign_runs_progress;
                ALTER TABLE prospector.campaign_runs VALIDATE CONSTRAINT ck_campaign_runs_state_known;
                ALTER TABLE prospector.budget_windows VALIDATE CONSTRAINT ck_budget_windows_kind_known;
                ALTER TABLE prospector.budget_switch VALIDATE CONSTRAINT ck_budget_switch_revisions;
                ALTER TABLE prospector.budget_reservations VALIDATE CONSTRAINT ck_budget_reservations_expires;
                ALTER TABLE prospector.budget_reservations VALIDATE CONSTRAINT ck_budget_reservations_month;
                ALTER TABLE prospector.budget_reservations VALIDATE CONSTRAINT ck_budget_reservations_state_known;
                ALTER TABLE identity.api_keys VALIDATE CONSTRAINT ck_api_keys_role_known;
                ALTER TABLE ops.alerts VALIDATE CONSTRAINT ck_alerts_attempts;
                ALTER TABLE forecast.accuracy VALIDATE CONSTRAINT ck_accuracy_counts;
                ALTER TABLE catalog.price_lists VALIDATE CONSTRAINT ck_price_lists_state_known;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            // A constraint that was validated stays so until it goes with the migration before.
        }
    }
}
