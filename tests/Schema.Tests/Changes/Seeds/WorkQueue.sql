INSERT INTO ops.alert_rule_states (rule, subject, firing, changed_at) VALUES ('queue-depth', 'catalog', true, now());
INSERT INTO ops.alerts (id, kind, subject, severity, summary, once_key, created_at, attempts) VALUES (gen_random_uuid(), 'budget', 'places', 'Info', 'A third is spent.', 'budget/1', now(), 0);
INSERT INTO jobs.minutes (worker_id, queue, minute, succeeded, failed) VALUES ('00000000-0000-7000-8000-000000000201', 'catalog', now(), 3, 1);
INSERT INTO jobs.schedules (name, last_at) VALUES ('nightly', now());
INSERT INTO jobs.workers (worker_id, queue, name, seen_at) VALUES ('00000000-0000-7000-8000-000000000201', 'catalog', 'catalog-1', now());
INSERT INTO jobs.finished_jobs (id, finished_at, queue, kind, payload, priority, state, attempt, max_attempts, run_at, redrives, created_at) VALUES
    (gen_random_uuid(), now(), 'catalog', 'catalog.price-list', '{}', 3, 'Completed', 1, 5, now(), 0, now()), (gen_random_uuid(), now() - interval '40 days', 'catalog', 'catalog.price-list', '{}', 3, 'Completed', 1, 5, now(), 0, now());
INSERT INTO jobs.job_keys (hash, job_id) VALUES (sha256('key-3'), gen_random_uuid());
