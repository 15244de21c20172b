namespace Commerce.Migrations;

/// <summary>
/// Whoever changes what shoppers see of the catalogue, by whatever statement, leaves a line in <c>catalog_changes</c> in the same transaction:
/// one per transaction and product. Subject is the slug, or <c>*</c> for what many pages show; running is the oldest transaction that had not ended then.
/// Inserted variants, prices and pictures come with a change of their product's row. Stock counts only at or below "few left" plus one, or the least that is sold of the
/// variant where that is more: nothing above changes what is shown. What other locations owe of it is owed from there, too, so that much more counts.
/// </summary>
internal static class CatalogChangeTriggers
{
    /// <summary>Literal, because a migration must not change with the code: <c>CatalogReads.FewLeft + 1</c> at the time.</summary>
    private const string Told = "6";

    /// <summary>May be run again, on what an earlier version of it has made.</summary>
    public const string Sql = $"""
        CREATE TABLE IF NOT EXISTS catalog_changes (
            xact xid8 NOT NULL DEFAULT pg_current_xact_id(),
            running xid8 NOT NULL DEFAULT pg_snapshot_xmin(pg_current_snapshot()),
            subject text NOT NULL,
            at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (xact, subject));
        CREATE INDEX IF NOT EXISTS ix_catalog_changes_at ON catalog_changes (at);

        CREATE OR REPLACE FUNCTION note_product() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO catalog_changes (subject) SELECT s FROM (SELECT NEW.slug AS s UNION SELECT OLD.slug) x WHERE s IS NOT NULL ON CONFLICT DO NOTHING;
            RETURN NULL;
        END $$;
        CREATE OR REPLACE FUNCTION note_part_of_product() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO catalog_changes (subject) SELECT slug FROM products WHERE id = coalesce(NEW.product_id, OLD.product_id) ON CONFLICT DO NOTHING;
            RETURN NULL;
        END $$;
        CREATE OR REPLACE FUNCTION note_part_of_variant() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO catalog_changes (subject) SELECT p.slug FROM variants v JOIN products p ON p.id = v.product_id
                WHERE v.id = coalesce(NEW.variant_id, OLD.variant_id) ON CONFLICT DO NOTHING;
            RETURN NULL;
        END $$;
        -- Of a variant and of the bundles it is in, which show what their scarcest component allows. Figures are added up over all locations: units that suffice for nothing
        -- here may complete something there, so any change counts that is not above what the shown figures need.
        CREATE OR REPLACE FUNCTION note_stock() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            before int := CASE TG_OP WHEN 'INSERT' THEN 0 ELSE OLD.on_hand - OLD.reserved END;
            after int := NEW.on_hand - NEW.reserved;
            owed int := 0;
        BEGIN
            -- Nothing else may go below zero.
            IF NEW.allows_backorder THEN
                SELECT COALESCE(sum(greatest(s.reserved - s.on_hand, 0)), 0) INTO owed FROM stock_items s WHERE s.variant_id = NEW.variant_id AND s.id <> NEW.id;
            END IF;
            INSERT INTO catalog_changes (subject) SELECT p.slug
                FROM (SELECT NEW.variant_id AS id, 1 AS units UNION ALL SELECT bundle_id, quantity FROM bundle_components WHERE component_id = NEW.variant_id) sold
                    JOIN variants v ON v.id = sold.id JOIN products p ON p.id = v.product_id
                    CROSS JOIN LATERAL (SELECT greatest({Told}, v.min_quantity) * sold.units + owed) AS shown(most)
                WHERE least(before, shown.most) <> least(after, shown.most) ON CONFLICT DO NOTHING;
            RETURN NULL;
        END $$;
        CREATE OR REPLACE FUNCTION note_bundles_of_variant() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO catalog_changes (subject) SELECT p.slug FROM bundle_components c JOIN variants v ON v.id = c.bundle_id JOIN products p ON p.id = v.product_id
                WHERE c.component_id = NEW.id ON CONFLICT DO NOTHING;
            RETURN NULL;
        END $$;
        CREATE OR REPLACE FUNCTION note_components() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO catalog_changes (subject) SELECT p.slug FROM variants v JOIN products p ON p.id = v.product_id
                WHERE v.id = coalesce(NEW.bundle_id, OLD.bundle_id) ON CONFLICT DO NOTHING;
            RETURN NULL;
        END $$;
        CREATE OR REPLACE FUNCTION note_everything() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO catalog_changes (subject) VALUES ('*') ON CONFLICT DO NOTHING;
            RETURN NULL;
        END $$;

        CREATE OR REPLACE TRIGGER products_noted AFTER INSERT OR UPDATE OR DELETE ON products FOR EACH ROW EXECUTE FUNCTION note_product();
        CREATE OR REPLACE TRIGGER variants_noted AFTER UPDATE OR DELETE ON variants FOR EACH ROW EXECUTE FUNCTION note_part_of_product();
        CREATE OR REPLACE TRIGGER images_noted AFTER UPDATE OR DELETE ON product_images FOR EACH ROW EXECUTE FUNCTION note_part_of_product();
        CREATE OR REPLACE TRIGGER memberships_noted AFTER INSERT OR DELETE ON collection_products FOR EACH ROW EXECUTE FUNCTION note_part_of_product();
        CREATE OR REPLACE TRIGGER prices_noted AFTER UPDATE OR DELETE ON prices FOR EACH ROW EXECUTE FUNCTION note_part_of_variant();
        CREATE OR REPLACE TRIGGER stock_inserted_noted AFTER INSERT ON stock_items FOR EACH ROW WHEN (NEW.on_hand > 0) EXECUTE FUNCTION note_stock();
        CREATE OR REPLACE TRIGGER stock_noted AFTER UPDATE ON stock_items FOR EACH ROW
            WHEN (OLD.on_hand - OLD.reserved <> NEW.on_hand - NEW.reserved) EXECUTE FUNCTION note_stock();
        CREATE OR REPLACE TRIGGER backorder_in_bundles_noted AFTER UPDATE OF allows_backorder ON variants FOR EACH ROW
            WHEN (OLD.allows_backorder <> NEW.allows_backorder) EXECUTE FUNCTION note_bundles_of_variant();
        CREATE OR REPLACE TRIGGER components_noted AFTER INSERT OR UPDATE OR DELETE ON bundle_components FOR EACH ROW EXECUTE FUNCTION note_components();
        CREATE OR REPLACE TRIGGER collections_noted AFTER INSERT OR UPDATE OR DELETE ON collections FOR EACH STATEMENT EXECUTE FUNCTION note_everything();
        CREATE OR REPLACE TRIGGER attributes_noted AFTER INSERT OR UPDATE OR DELETE ON attributes FOR EACH STATEMENT EXECUTE FUNCTION note_everything();
        -- Every product's page says beside its prices whether they hold VAT; the rest of the policy is shown nowhere.
        CREATE OR REPLACE TRIGGER policy_noted AFTER INSERT OR UPDATE OF prices_include_tax OR DELETE ON shop_policy FOR EACH STATEMENT EXECUTE FUNCTION note_everything();
        """;
}
