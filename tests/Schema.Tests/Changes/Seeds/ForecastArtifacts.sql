INSERT INTO forecast.model_artifacts (model_version_id, sha256, size, bytes) VALUES ('00000000-0000-7000-8000-000000000071', repeat('b', 64), 3, '\x010203');
INSERT INTO forecast.part_accuracy (model_version_id, sku, steps, wape) VALUES ('00000000-0000-7000-8000-000000000071', 'SKU-1', 12, 0.3);
