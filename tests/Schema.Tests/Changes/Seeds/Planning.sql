INSERT INTO forecast.forecast_overrides (sku, period, quantity, reason, changed_by, updated_at) VALUES ('SKU-1', '2026-12-01', 9, 'Tender.', 'me', now());
INSERT INTO forecast.planning_parameters (sku, warehouse, lead_time_days, unit_cost, changed_by, updated_at) VALUES ('SKU-1', '', 30, 80, 'me', now()), ('SKU-1', 'tunis', 20, NULL, 'me', now());
INSERT INTO forecast.promotions (id, sku, from_day, to_day, kind, name, created_by, created_at) VALUES (gen_random_uuid(), 'SKU-1', '2026-12-01', '2026-12-15', 'price', 'Winter', 'me', now());
