-- Rows of the first release. Ids end with the same digits wherever one thing refers to another.
INSERT INTO identity.api_keys (id, name, prefix, hash, role, created_at, revoked_at) VALUES
    ('00000000-0000-7000-8000-000000000001', 'admin', 'abcdef', sha256('admin'), 'Admin', now(), NULL), ('00000000-0000-7000-8000-000000000002', 'old', 'ghijkl', sha256('old'), 'User', now(), now());
INSERT INTO catalog.brands (id, name, slug) VALUES ('00000000-0000-7000-8000-000000000011', 'Bosch', 'bosch'), ('00000000-0000-7000-8000-000000000012', 'Valeo', 'valeo');
INSERT INTO catalog.categories (id, parent_id, name_fr, name_ar, slug, path) VALUES
    ('00000000-0000-7000-8000-000000000021', NULL, 'Freinage', 'فرامل', 'freinage', 'freinage/'), ('00000000-0000-7000-8000-000000000022', '00000000-0000-7000-8000-000000000021', 'Disques', 'أقراص', 'disques', 'freinage/disques/');
INSERT INTO catalog.products (id, sku, name_fr, name_ar, oe_number, brand_id, category_id, vat_rate, search, created_at, updated_at, price_amount, price_currency)
    SELECT ('00000000-0000-7000-8000-0000000001' || lpad(n::text, 2, '0'))::uuid, 'SKU-' || n, 'Disque ' || n, 'قرص', CASE WHEN n % 2 = 0 THEN '7701 20' || n END,
        ('00000000-0000-7000-8000-00000000001' || (1 + n % 2))::uuid, '00000000-0000-7000-8000-000000000022', 19, 'disque ' || n, now(), now(), 100 + n, 'TND' FROM generate_series(1, 6) n;
INSERT INTO prospector.budget_windows (scope, kind, key, used, reserved, cap, cost_micros) VALUES ('places', 'Day', '2026-11-20', 1, 1, 150, 70000), ('places', 'Month', '2026-11-01', 1, 1, 4500, 70000);
INSERT INTO prospector.budget_reservations (id, scope, idempotency_key, attempt, sku, units, day_key, month_key, state, cost_micros, reserved_at, expires_at, settled_at) VALUES
    (gen_random_uuid(), 'places', 'a', 1, 'text-search', 1, '2026-11-20', '2026-11-01', 'Reserved', 35000, now(), now(), NULL), (gen_random_uuid(), 'places', 'b', 1, 'text-search', 1, '2026-11-20', '2026-11-01', 'Committed', 35000, now(), now(), now());
INSERT INTO prospector.campaigns (id, name, locations, queries, pages_per_query, language_code, created_at) VALUES ('00000000-0000-7000-8000-000000000031', 'Sfax', '{Sfax,Gabes}', '{garage}', 2, 'fr', now());
INSERT INTO prospector.campaign_runs (id, campaign_id, state, search, page, calls, found, new_leads, duplicates, created_at, finished_at) VALUES
    ('00000000-0000-7000-8000-000000000041', '00000000-0000-7000-8000-000000000031', 'Completed', 2, 0, 4, 3, 2, 1, now(), now()), ('00000000-0000-7000-8000-000000000042', '00000000-0000-7000-8000-000000000031', 'Running', 0, 1, 1, 0, 0, 0, now(), NULL);
INSERT INTO prospector.leads (id, place_id, stage, governorate, first_seen_at, last_seen_at) VALUES
    ('00000000-0000-7000-8000-000000000051', 'place-1', 'New', 'Sfax', now(), now()), ('00000000-0000-7000-8000-000000000052', 'place-2', 'Contacted', 'Tunis', now(), now());
INSERT INTO prospector.google_content (lead_id, name, types, fetched_at, expires_at) VALUES ('00000000-0000-7000-8000-000000000051', 'Garage', '{car_repair}', now(), now() + interval '29 days');
INSERT INTO prospector.campaign_leads (campaign_id, lead_id, run_id) VALUES ('00000000-0000-7000-8000-000000000031', '00000000-0000-7000-8000-000000000051', '00000000-0000-7000-8000-000000000041');
INSERT INTO forecast.demand_series (id, sku, frequency, created_at, updated_at) VALUES ('00000000-0000-7000-8000-000000000061', 'SKU-1', 'M', now(), now()), ('00000000-0000-7000-8000-000000000062', 'SKU-2', 'M', now(), now());
INSERT INTO forecast.demand_observations (series_id, period, quantity, in_stock) SELECT '00000000-0000-7000-8000-000000000061', '2026-01-01'::date + make_interval(months => n), n, true FROM generate_series(0, 5) n;
INSERT INTO forecast.model_versions (id, version, job_id, data_sha256, code_version, parameters, window_start, window_end, series_count, horizon, quantile_levels, active, created_at) VALUES
    ('00000000-0000-7000-8000-000000000071', 'v1', gen_random_uuid(), repeat('a', 64), 'code', '{}', '2026-01-01', '2026-06-01', 2, 12, '{0.5,0.9}', true, now());
INSERT INTO forecast.accuracy (model_version_id, frequency, method, position, series_count, mase, pinball) VALUES ('00000000-0000-7000-8000-000000000071', 'M', 'theta', 1, 2, 0.9, '{0.1,0.2}');
INSERT INTO forecast.forecasts (model_version_id, sku, frequency, demand_class, method, first_period, mean, quantiles) VALUES ('00000000-0000-7000-8000-000000000071', 'SKU-1', 'M', 'Smooth', 'theta', '2026-07-01', '{1,2}', '{1,2,3,4}');
INSERT INTO jobs.jobs (id, kind, payload, idempotency_key, state, attempt, max_attempts, run_at, result, created_at, finished_at, error) VALUES
    (gen_random_uuid(), 'price-list', '{}', 'key-1', 'Available', 0, 5, now(), NULL, now(), NULL, NULL), (gen_random_uuid(), 'forecast.train', '{}', NULL, 'Dead', 5, 5, now(), NULL, now(), now(), 'It failed.'),
    (gen_random_uuid(), 'forecast.train', '{}', 'key-2', 'Completed', 1, 5, now(), '{"series":2}', now(), now(), NULL);
