INSERT INTO prospector.leads (id, place_id, stage, governorate, first_seen_at, last_seen_at, name) VALUES ('00000000-0000-7000-8000-000000000053', 'place-3', 'New', 'Sousse', now(), now(), 'Atelier');
UPDATE prospector.leads SET stage = 'Contacted', changed_by = 'me' WHERE id = '00000000-0000-7000-8000-000000000053';
INSERT INTO prospector.campaign_runs (id, campaign_id, state, search, page, calls, found, new_leads, duplicates, created_at, finished_at, due_period) VALUES
    ('00000000-0000-7000-8000-000000000043', '00000000-0000-7000-8000-000000000031', 'Completed', 2, 0, 0, 0, 0, 0, now(), now(), '2026-W47');
INSERT INTO prospector.lead_places (place_id, lead_id, place_hash, first_seen_at, last_seen_at) VALUES ('place-3', '00000000-0000-7000-8000-000000000053', sha256('place-3'), now(), now());
