INSERT INTO catalog.products (id, sku, name_fr, name_ar, gtin, external_id, brand_id, category_id, vat_rate, search, created_at, updated_at, price_amount, price_currency) VALUES
    ('00000000-0000-7000-8000-000000000107', 'SKU-7', 'Filtre', 'مصفاة', '4006633374668', 'ERP-7', '00000000-0000-7000-8000-000000000011', '00000000-0000-7000-8000-000000000021', 19, 'filtre', now(), now(), 12.5, 'TND');
