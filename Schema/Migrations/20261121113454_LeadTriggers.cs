using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Shabou.Schema.Migrations
{
    /// <summary>What the database does by itself, whoever writes: the history of stages, the audit of campaigns, suppressions and erased leads, and
    /// the rule that a named person's contact has a consent of theirs.</summary>
    public partial class LeadTriggers : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // The consent of a named person is of this lead and this address, and not withdrawn: withdrawing it fails while the contact is there.
            migrationBuilder.Sql("""
                ALTER TABLE prospector.contact_consents ADD CONSTRAINT ux_contact_consents_active UNIQUE (id, lead_id, contact_hash, active);
                ALTER TABLE prospector.lead_contacts ADD CONSTRAINT fk_lead_contacts_active_consent
                    FOREIGN KEY (consent_id, lead_id, hash, needs_active_consent) REFERENCES prospector.contact_consents (id, lead_id, contact_hash, active);
                """);

            // As the owner of the schema: services have no right to write the history.
            migrationBuilder.Sql("""
                CREATE FUNCTION prospector.keep_stages() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
                BEGIN
                    INSERT INTO ops.lead_stage_changes (lead_id, at, actor, trace_id, from_stage, to_stage, reason)
                    VALUES (NEW.id, now(), NEW.changed_by, NEW.changed_trace, CASE TG_OP WHEN 'UPDATE' THEN OLD.stage END, NEW.stage, NEW.stage_reason);
                    RETURN NULL;
                END $$;

                CREATE TRIGGER stage_of_new AFTER INSERT ON prospector.leads FOR EACH ROW EXECUTE FUNCTION prospector.keep_stages();
                CREATE TRIGGER stage_changed AFTER UPDATE OF stage ON prospector.leads
                    FOR EACH ROW WHEN (OLD.stage IS DISTINCT FROM NEW.stage) EXECUTE FUNCTION prospector.keep_stages();
                """);

            // That a lead was erased, by whom and when, and nothing of what it was. Of a suppression everything but the hash.
            migrationBuilder.Sql("""
                CREATE FUNCTION prospector.audit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
                DECLARE
                    hidden CONSTANT text[] := ARRAY['hash', 'changed_by', 'changed_trace'];
                    whole CONSTANT jsonb := CASE TG_OP WHEN 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END;
                    was CONSTANT jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - hidden END;
                    now_is CONSTANT jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - hidden END;
                BEGIN
                    IF TG_TABLE_NAME = 'leads' THEN
                        INSERT INTO ops.audit_entries (at, table_name, row_id, action, actor, trace_id)
                        VALUES (now(), 'leads', OLD.id, 'erased', OLD.changed_by, OLD.changed_trace);
                        RETURN NULL;
                    END IF;
                    IF was IS NOT DISTINCT FROM now_is THEN RETURN NULL; END IF;
                    INSERT INTO ops.audit_entries (at, table_name, row_id, action, actor, trace_id, before, after)
                    VALUES (now(), TG_TABLE_NAME, (whole ->> 'id')::uuid, CASE TG_OP WHEN 'INSERT' THEN 'created' WHEN 'UPDATE' THEN 'updated' ELSE 'deleted' END,
                        whole ->> 'changed_by', whole ->> 'changed_trace', was, now_is);
                    RETURN NULL;
                END $$;

                CREATE TRIGGER audit AFTER DELETE ON prospector.leads FOR EACH ROW EXECUTE FUNCTION prospector.audit();
                CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON prospector.campaigns FOR EACH ROW EXECUTE FUNCTION prospector.audit();
                CREATE TRIGGER audit AFTER INSERT OR DELETE ON prospector.suppressions FOR EACH ROW EXECUTE FUNCTION prospector.audit();
                """);

            // What was found before.
            migrationBuilder.Sql("""
                INSERT INTO prospector.lead_places (place_id, lead_id, place_hash, first_seen_at, last_seen_at)
                    SELECT place_id, id, sha256(convert_to(place_id, 'UTF8')), first_seen_at, last_seen_at FROM prospector.leads ON CONFLICT DO NOTHING;
                INSERT INTO ops.lead_stage_changes (lead_id, at, actor, to_stage) SELECT id, first_seen_at, 'system', stage FROM prospector.leads l WHERE NOT EXISTS (SELECT FROM ops.lead_stage_changes c WHERE c.lead_id = l.id);
                UPDATE prospector.leads SET stage = 'Customer' WHERE stage = 'Won';
                UPDATE prospector.google_content c SET place_id = l.place_id FROM prospector.leads l WHERE l.id = c.lead_id;
                UPDATE prospector.campaigns SET searches = cardinality(locations) * cardinality(queries);
                UPDATE prospector.campaign_runs r SET searches = c.searches FROM prospector.campaigns c WHERE c.id = r.campaign_id;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                DROP TRIGGER stage_of_new ON prospector.leads;
                DROP TRIGGER stage_changed ON prospector.leads;
                DROP TRIGGER audit ON prospector.leads;
                DROP TRIGGER audit ON prospector.campaigns;
                DROP TRIGGER audit ON prospector.suppressions;
                DROP FUNCTION prospector.keep_stages();
                DROP FUNCTION prospector.audit();
                ALTER TABLE prospector.lead_contacts DROP CONSTRAINT fk_lead_contacts_active_consent;
                ALTER TABLE prospector.contact_consents DROP CONSTRAINT ux_contact_consents_active;
                """);

            // What the schema before has no words for.
            migrationBuilder.Sql("""
                UPDATE prospector.leads SET stage = CASE stage WHEN 'Customer' THEN 'Won' ELSE 'Qualified' END WHERE stage IN ('Customer', 'Offered');
                UPDATE prospector.campaign_runs SET duplicates = duplicates + suppressed, suppressed = 0 WHERE suppressed > 0;
                DELETE FROM prospector.campaigns WHERE grid IS NOT NULL;
                """);
        }
    }
}
