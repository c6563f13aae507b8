INSERT INTO prospector.leads (id, place_id, stage, governorate, first_seen_at, last_seen_at, name) VALUES ('00000000-0000-7000-8000-000000000053', 'place-3', 'New', 'Sousse', now(), now(), 'Atelier');
UPDATE prospector.leads SET stage = 'Contacted', changed_by = 'me' WHERE id = '00000000-0000-7000-8000-000000000053';
INSERT INTO prospector.lead_places (place_id, lead_id, place_hash, first_seen_at, last_seen_at) VALUES ('place-3', '00000000-0000-7000-8000-000000000053', sha256('place-3'), now(), now());
