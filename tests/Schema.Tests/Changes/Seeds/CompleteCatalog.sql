INSERT INTO ops.audit_entries (at, table_name, row_id, action, actor, after) VALUES (now(), 'products', '00000000-0000-7000-8000-000000000101', 'created', 'me', '{}');
INSERT INTO ops.idempotent_requests (key_hash, request_hash, status, body, created_at) VALUES (sha256('k'), sha256('r'), 201, '{}', now());
INSERT INTO catalog.forecast_copies (product_id, horizon, body, fetched_at) VALUES ('00000000-0000-7000-8000-000000000101', 12, '{}', now());
INSERT INTO catalog.price_index_points (at, price_list_number, base_value, current_value) VALUES (now(), 1, 600, 610);
INSERT INTO catalog.suppliers (id, slug, name, current_list_number) VALUES ('00000000-0000-7000-8000-000000000081', 'sotupieces', 'Sotupièces', 1);
INSERT INTO catalog.price_lists (id, supplier_id, number, state, on_error, dry_run, rows_read, rows_applied, rows_refused, created_at, created_by, applied_at) VALUES
    ('00000000-0000-7000-8000-000000000082', '00000000-0000-7000-8000-000000000081', 1, 'Applied', 'RejectRows', false, 2, 1, 1, now(), 'me', now());
INSERT INTO catalog.price_list_rows (price_list_id, line, sku, amount) VALUES ('00000000-0000-7000-8000-000000000082', 1, 'SKU-1', 110), ('00000000-0000-7000-8000-000000000082', 2, 'nobody', NULL);
INSERT INTO catalog.price_list_errors (price_list_id, line, field, reason) VALUES ('00000000-0000-7000-8000-000000000082', 2, 'sku', 'Unknown.');
INSERT INTO catalog.prices (product_id, price_list_number, amount) VALUES ('00000000-0000-7000-8000-000000000101', 1, 110);
INSERT INTO catalog.search_words (word) VALUES ('disque');
INSERT INTO catalog.vehicles (id, ktype, make, model, variant, year_from, year_to) VALUES ('00000000-0000-7000-8000-000000000091', 1234, 'Renault', 'Clio', '1.5 dCi', 2012, 2019);
INSERT INTO catalog.fitments (product_id, vehicle_id) VALUES ('00000000-0000-7000-8000-000000000101', '00000000-0000-7000-8000-000000000091');
INSERT INTO catalog.warehouses (id, slug, name) VALUES ('00000000-0000-7000-8000-000000000092', 'tunis', 'Tunis');
INSERT INTO catalog.stock_levels (product_id, warehouse_id, on_hand, reserved) VALUES ('00000000-0000-7000-8000-000000000101', '00000000-0000-7000-8000-000000000092', 10, 2);
INSERT INTO catalog.stock_reservations (id, product_id, warehouse_id, quantity, state, expires_at, created_at, created_by) VALUES
    (gen_random_uuid(), '00000000-0000-7000-8000-000000000101', '00000000-0000-7000-8000-000000000092', 2, 'Held', now() + interval '1 hour', now(), 'me');
