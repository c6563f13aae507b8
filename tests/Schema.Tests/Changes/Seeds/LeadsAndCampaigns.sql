INSERT INTO prospector.contact_consents (id, lead_id, contact_hash, given_at, how, recorded_at, recorded_by) VALUES
    ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000000051', sha256('ali@garage.tn'), now(), 'by telephone', now(), 'me');
INSERT INTO prospector.lead_contacts (id, lead_id, kind, value, hash, domain_hash, is_personal, person_name, source, consent_id, created_at, created_by) VALUES
    (gen_random_uuid(), '00000000-0000-7000-8000-000000000051', 'Email', 'ali@garage.tn', sha256('ali@garage.tn'), sha256('garage.tn'), true, 'Ali', 'telephone', '00000000-0000-7000-8000-000000000301', now(), 'me'),
    (gen_random_uuid(), '00000000-0000-7000-8000-000000000052', 'Phone', '+21671000000', sha256('+21671000000'), NULL, false, NULL, 'website', NULL, now(), 'me');
INSERT INTO ops.lead_exports (id, at, actor, purpose, format, filters, leads) VALUES (gen_random_uuid(), now(), 'me', 'calls', 'csv', '{}', 2);
INSERT INTO prospector.suppressions (id, kind, hash, reason, created_at, created_by) VALUES (gen_random_uuid(), 'Phone', sha256('+21671000001'), 'asked', now(), 'me');
