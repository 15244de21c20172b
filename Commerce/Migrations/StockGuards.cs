namespace Commerce.Migrations;

/// <summary>Backorders, bundles and availability, as far as the database itself answers for them.</summary>
internal static class StockGuards
{
    public const string Sql = """
        -- stock_items.allows_backorder is a copy of the variant's, so that a CHECK of the row can hold it.
        CREATE FUNCTION copy_backorder_to_item() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            SELECT v.allows_backorder INTO NEW.allows_backorder FROM variants v WHERE v.id = NEW.variant_id;
            RETURN NEW;
        END $$;
        CREATE TRIGGER stock_items_backorder BEFORE INSERT ON stock_items FOR EACH ROW EXECUTE FUNCTION copy_backorder_to_item();
        CREATE FUNCTION copy_backorder_to_items() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM FROM stock_items WHERE variant_id = NEW.id ORDER BY id FOR UPDATE; -- in the order of every other writer
            UPDATE stock_items SET allows_backorder = NEW.allows_backorder WHERE variant_id = NEW.id;
            RETURN NULL;
        END $$;
        CREATE TRIGGER variants_backorder AFTER UPDATE OF allows_backorder ON variants
            FOR EACH ROW WHEN (OLD.allows_backorder <> NEW.allows_backorder) EXECUTE FUNCTION copy_backorder_to_items();

        -- A component is never a bundle itself. The table lock makes two such edits wait for each other.
        CREATE FUNCTION refuse_nested_bundle() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            LOCK TABLE bundle_components IN SHARE ROW EXCLUSIVE MODE;
            IF EXISTS (SELECT FROM bundle_components c WHERE c.bundle_id = NEW.component_id OR c.component_id = NEW.bundle_id) THEN
                RAISE EXCEPTION 'a bundle cannot be a component' USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_bundle_components_flat';
            END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER bundle_components_flat BEFORE INSERT OR UPDATE ON bundle_components FOR EACH ROW EXECUTE FUNCTION refuse_nested_bundle();

        CREATE VIEW variant_availability AS
        SELECT v.id AS variant_id,
            COALESCE(
                (SELECT min(floor(COALESCE((SELECT sum(s.on_hand - s.reserved) FROM stock_items s WHERE s.variant_id = c.component_id), 0)::numeric / c.quantity))
                 FROM bundle_components c WHERE c.bundle_id = v.id),
                (SELECT sum(s.on_hand - s.reserved) FROM stock_items s WHERE s.variant_id = v.id),
                0)::int AS available,
            COALESCE(
                (SELECT min(CASE WHEN o.allows_backorder THEN 2147483647
                    ELSE GREATEST(COALESCE((SELECT sum(s.on_hand - s.reserved) FROM stock_items s WHERE s.variant_id = c.component_id), 0), 0) / c.quantity END)
                 FROM bundle_components c JOIN variants o ON o.id = c.component_id WHERE c.bundle_id = v.id),
                CASE WHEN v.allows_backorder THEN 2147483647
                    ELSE GREATEST((SELECT sum(s.on_hand - s.reserved) FROM stock_items s WHERE s.variant_id = v.id), 0) END,
                0)::int AS orderable
        FROM variants v;
        """;
}
