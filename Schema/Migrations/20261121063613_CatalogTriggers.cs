using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Shabou.Schema.Migrations
{
    /// <summary>What the database does by itself, whoever writes: cards and search lexemes, audit, price changes, the words of the search,
    /// and the sums behind facets and price index.</summary>
    public partial class CatalogTriggers : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // A part's price that counts: that of the newest current price list younger than the price set by hand, else the latter.
            migrationBuilder.Sql("""
                CREATE FUNCTION catalog.effective_price(product uuid, own numeric, set_after integer) RETURNS numeric LANGUAGE sql STABLE PARALLEL SAFE AS $$
                    SELECT coalesce((
                        SELECT p.amount FROM catalog.prices p JOIN catalog.suppliers s ON s.current_list_number = p.price_list_number
                        WHERE p.product_id = product AND p.price_list_number > set_after
                        ORDER BY p.price_list_number DESC LIMIT 1), own)
                $$;
                """);

            // One dictionary per language in one pass: folded text has French and other Latin words in ASCII and Arabic ones not; numbers stay as they are.
            migrationBuilder.Sql("""
                CREATE TEXT SEARCH CONFIGURATION catalog.shop (COPY = pg_catalog.french);
                ALTER TEXT SEARCH CONFIGURATION catalog.shop ALTER MAPPING FOR word, hword, hword_part WITH pg_catalog.arabic_stem;
                """);

            migrationBuilder.Sql("""
                CREATE FUNCTION catalog.render_product() RETURNS trigger LANGUAGE plpgsql AS $$
                DECLARE
                    b catalog.brands;
                    c catalog.categories;
                BEGIN
                    NEW.base_price := CASE TG_OP WHEN 'INSERT' THEN NEW.price_amount ELSE OLD.base_price END;
                    SELECT * INTO b FROM catalog.brands WHERE id = NEW.brand_id;
                    SELECT * INTO c FROM catalog.categories WHERE id = NEW.category_id;
                    -- An emptied card asks for everything anew; else words that are the same have the same lexemes.
                    IF TG_OP = 'INSERT' OR NEW.card = '' OR (NEW.search, NEW.brand_id) IS DISTINCT FROM (OLD.search, OLD.brand_id) THEN
                        NEW.lexemes := to_tsvector('catalog.shop', concat_ws(' ', NEW.search, b.search));
                    END IF;
                    NEW.card := concat(
                        '{"id":"', NEW.id, '","sku":', to_json(NEW.sku),
                        ',"externalId":', coalesce(to_json(NEW.external_id)::text, 'null'),
                        ',"names":{"fr":', to_json(NEW.name_fr), ',"ar":', to_json(NEW.name_ar), ',"en":', coalesce(to_json(NEW.name_en)::text, 'null'),
                        '},"oeNumber":', coalesce(to_json(NEW.oe_number)::text, 'null'),
                        ',"gtin":', coalesce(to_json(NEW.gtin)::text, 'null'),
                        ',"brand":{"slug":', to_json(b.slug), ',"name":', to_json(b.name),
                        '},"category":{"slug":', to_json(c.slug), ',"names":{"fr":', to_json(c.name_fr), ',"ar":', to_json(c.name_ar), ',"en":', coalesce(to_json(c.name_en)::text, 'null'),
                        '}},"currency":', to_json(NEW.price_currency), ',"vatRate":', trim_scale(NEW.vat_rate),
                        ',"updatedAt":"', to_char(NEW.updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), 'Z"}');
                    RETURN NEW;
                END $$;

                CREATE TRIGGER render BEFORE INSERT OR UPDATE ON catalog.products FOR EACH ROW EXECUTE FUNCTION catalog.render_product();
                """);

            // A renamed brand or category: its parts are rendered again.
            migrationBuilder.Sql("""
                CREATE FUNCTION catalog.render_again() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF TG_TABLE_NAME = 'brands' THEN
                        UPDATE catalog.products SET card = '' WHERE brand_id = NEW.id;
                    ELSE
                        UPDATE catalog.products SET card = '' WHERE category_id = NEW.id;
                    END IF;
                    RETURN NULL;
                END $$;

                CREATE TRIGGER render_again AFTER UPDATE OF slug, name ON catalog.brands
                    FOR EACH ROW WHEN ((OLD.slug, OLD.name) IS DISTINCT FROM (NEW.slug, NEW.name)) EXECUTE FUNCTION catalog.render_again();
                CREATE TRIGGER render_again AFTER UPDATE OF slug, name_fr, name_ar, name_en ON catalog.categories
                    FOR EACH ROW WHEN ((OLD.slug, OLD.name_fr, OLD.name_ar, OLD.name_en) IS DISTINCT FROM (NEW.slug, NEW.name_fr, NEW.name_ar, NEW.name_en)) EXECUTE FUNCTION catalog.render_again();
                """);

            // Words that misspelt ones are corrected to. Ordered, so that two writers cannot wait for each other.
            migrationBuilder.Sql("""
                CREATE FUNCTION catalog.keep_words() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    INSERT INTO catalog.search_words (word)
                    SELECT DISTINCT word COLLATE "C" FROM new_rows, unnest(string_to_array(new_rows.search, ' ')) AS word
                    WHERE length(word) BETWEEN 3 AND 100 AND word !~ '[0-9]' ORDER BY 1
                    ON CONFLICT DO NOTHING;
                    RETURN NULL;
                END $$;
                """);
            foreach (var table in new[] { "products", "brands" })
            {
                migrationBuilder.Sql($"""
                    CREATE TRIGGER words_of_new AFTER INSERT ON catalog.{table} REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION catalog.keep_words();
                    CREATE TRIGGER words_of_changed AFTER UPDATE ON catalog.{table} REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION catalog.keep_words();
                    """);
            }

            // Price history and the sums. The shared lock keeps price lists from moving while a price by hand is counted; they take it exclusively.
            migrationBuilder.Sql("""
                CREATE FUNCTION catalog.keep_prices() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    PERFORM pg_advisory_xact_lock_shared(7306001);
                    IF TG_OP = 'INSERT' THEN
                        INSERT INTO catalog.price_changes (product_id, at, amount, set_after, changed_by)
                        SELECT id, now(), price_amount, price_set_after, changed_by FROM new_rows;

                        INSERT INTO catalog.assortments AS a (brand_id, category_id, products, base_value, current_value)
                        SELECT brand_id, category_id, count(*), sum(base_price * base_quantity),
                            sum(catalog.effective_price(id, price_amount, price_set_after) * base_quantity)
                        FROM new_rows WHERE deleted_at IS NULL GROUP BY brand_id, category_id ORDER BY brand_id, category_id
                        ON CONFLICT (brand_id, category_id) DO UPDATE SET products = a.products + excluded.products,
                            base_value = a.base_value + excluded.base_value, current_value = a.current_value + excluded.current_value;
                    ELSE
                        INSERT INTO catalog.price_changes (product_id, at, amount, set_after, changed_by)
                        SELECT n.id, now(), n.price_amount, n.price_set_after, n.changed_by FROM new_rows n JOIN old_rows o ON o.id = n.id
                        WHERE (n.price_amount, n.price_set_after) IS DISTINCT FROM (o.price_amount, o.price_set_after);

                        INSERT INTO catalog.assortments AS a (brand_id, category_id, products, base_value, current_value)
                        SELECT brand_id, category_id, sum(n), sum(n * base_price * base_quantity),
                            sum(n * catalog.effective_price(id, price_amount, price_set_after) * base_quantity)
                        FROM (SELECT 1 AS n, * FROM new_rows UNION ALL SELECT -1, * FROM old_rows) AS change
                        WHERE deleted_at IS NULL GROUP BY brand_id, category_id
                        HAVING sum(n) <> 0 OR sum(n * base_price * base_quantity) <> 0
                            OR sum(n * catalog.effective_price(id, price_amount, price_set_after) * base_quantity) <> 0
                        ORDER BY brand_id, category_id
                        ON CONFLICT (brand_id, category_id) DO UPDATE SET products = a.products + excluded.products,
                            base_value = a.base_value + excluded.base_value, current_value = a.current_value + excluded.current_value;
                    END IF;
                    RETURN NULL;
                END $$;

                CREATE TRIGGER prices_of_new AFTER INSERT ON catalog.products REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION catalog.keep_prices();
                CREATE TRIGGER prices_of_changed AFTER UPDATE ON catalog.products REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION catalog.keep_prices();
                """);

            // The audit, as the owner of the schema: services have no right to write it otherwise.
            migrationBuilder.Sql("""
                CREATE FUNCTION ops.audit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
                DECLARE
                    derived CONSTANT text[] := ARRAY['card', 'lexemes', 'search', 'base_price'];
                    stamps CONSTANT text[] := ARRAY['changed_by', 'changed_trace'];
                BEGIN
                    IF TG_OP = 'INSERT' THEN
                        INSERT INTO ops.audit_entries (at, table_name, row_id, action, actor, trace_id, after)
                        SELECT now(), TG_TABLE_NAME, n.id, 'created', n.changed_by, n.changed_trace, to_jsonb(n) - derived FROM new_rows n;
                    ELSIF TG_OP = 'DELETE' THEN
                        INSERT INTO ops.audit_entries (at, table_name, row_id, action, actor, trace_id, before)
                        SELECT now(), TG_TABLE_NAME, o.id, 'deleted', o.changed_by, o.changed_trace, to_jsonb(o) - derived FROM old_rows o;
                    ELSE
                        INSERT INTO ops.audit_entries (at, table_name, row_id, action, actor, trace_id, before, after)
                        SELECT now(), TG_TABLE_NAME, n.id,
                            CASE WHEN o.j ->> 'deleted_at' IS NULL AND n.j ->> 'deleted_at' IS NOT NULL THEN 'deleted'
                                 WHEN o.j ->> 'deleted_at' IS NOT NULL AND n.j ->> 'deleted_at' IS NULL THEN 'restored'
                                 ELSE 'updated' END,
                            n.j ->> 'changed_by', n.j ->> 'changed_trace', o.j, n.j
                        FROM (SELECT r.id, to_jsonb(r) - derived AS j FROM new_rows r OFFSET 0) n -- OFFSET 0: rendered once, not at each mention
                        JOIN (SELECT r.id, to_jsonb(r) - derived AS j FROM old_rows r OFFSET 0) o ON o.id = n.id
                        WHERE o.j - stamps IS DISTINCT FROM n.j - stamps;
                    END IF;
                    RETURN NULL;
                END $$;
                """);
            foreach (var table in s_audited)
            {
                migrationBuilder.Sql($"""
                    CREATE TRIGGER audit_created AFTER INSERT ON catalog.{table} REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION ops.audit();
                    CREATE TRIGGER audit_updated AFTER UPDATE ON catalog.{table} REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION ops.audit();
                    CREATE TRIGGER audit_deleted AFTER DELETE ON catalog.{table} REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION ops.audit();
                    """);
            }

            // An index on a column of a complex property: parts by price where no list overrides it.
            migrationBuilder.Sql("CREATE INDEX ix_products_price_amount_id ON catalog.products (price_amount, id);");

            // The nearest of 20,000 words in 3 ms instead of 8: longer signatures than the default, which the model cannot name.
            migrationBuilder.Sql("""
                DROP INDEX catalog.ix_search_words_trigrams;
                CREATE INDEX ix_search_words_trigrams ON catalog.search_words USING gist (word gist_trgm_ops (siglen = 64));
                """);

            // A bulk upsert leaves its lexemes in the index's waiting list instead of sorting them in while its caller waits; autovacuum does it
            // within a minute, after every 5,000 new parts.
            migrationBuilder.Sql("""
                ALTER INDEX catalog.ix_products_lexemes SET (gin_pending_list_limit = 16384);
                ALTER TABLE catalog.products SET (autovacuum_vacuum_insert_threshold = 5000, autovacuum_vacuum_insert_scale_factor = 0);
                """);

            // The parts of a shop that was open before: as if each were written again, without an audit entry of its own making.
            migrationBuilder.Sql("""
                UPDATE catalog.brands SET search = lower(name);
                ALTER TABLE catalog.products DISABLE TRIGGER USER;
                UPDATE catalog.products SET base_price = price_amount WHERE base_price = 0; -- what a way back left here stays
                INSERT INTO catalog.reference_numbers (product_id, kind, maker, number, normalised)
                    SELECT id, 'Oe', '', oe_number, n FROM catalog.products, upper(regexp_replace(oe_number, '[\s./,-]', '', 'g')) AS n WHERE n <> '' ON CONFLICT DO NOTHING;
                INSERT INTO catalog.assortments (brand_id, category_id, products, base_value, current_value)
                    SELECT brand_id, category_id, count(*), sum(price_amount), sum(price_amount) FROM catalog.products GROUP BY brand_id, category_id ON CONFLICT DO NOTHING;
                INSERT INTO catalog.price_changes (product_id, at, amount, set_after, changed_by)
                    SELECT id, created_at, price_amount, 0, 'system' FROM catalog.products p WHERE NOT EXISTS (SELECT FROM catalog.price_changes c WHERE c.product_id = p.id);
                ALTER TABLE catalog.products ENABLE TRIGGER USER;
                UPDATE catalog.products SET card = '';
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP INDEX catalog.ix_products_price_amount_id;");
            migrationBuilder.Sql("ALTER TABLE catalog.products RESET (autovacuum_vacuum_insert_threshold, autovacuum_vacuum_insert_scale_factor);");
            foreach (var table in s_audited)
                migrationBuilder.Sql($"DROP TRIGGER audit_created ON catalog.{table}; DROP TRIGGER audit_updated ON catalog.{table}; DROP TRIGGER audit_deleted ON catalog.{table};");
            migrationBuilder.Sql("""
                DROP TRIGGER render ON catalog.products;
                DROP TRIGGER prices_of_new ON catalog.products;
                DROP TRIGGER prices_of_changed ON catalog.products;
                DROP TRIGGER words_of_new ON catalog.products;
                DROP TRIGGER words_of_changed ON catalog.products;
                DROP TRIGGER words_of_new ON catalog.brands;
                DROP TRIGGER words_of_changed ON catalog.brands;
                DROP TRIGGER render_again ON catalog.brands;
                DROP TRIGGER render_again ON catalog.categories;
                DROP FUNCTION ops.audit();
                DROP FUNCTION catalog.keep_prices();
                DROP FUNCTION catalog.keep_words();
                DROP FUNCTION catalog.render_again();
                DROP FUNCTION catalog.render_product();
                DROP FUNCTION catalog.effective_price(uuid, numeric, integer);
                DROP TEXT SEARCH CONFIGURATION catalog.shop;
                """);
        }

        private static readonly string[] s_audited = ["products", "brands", "categories", "vehicles", "warehouses", "suppliers"];
    }
}
