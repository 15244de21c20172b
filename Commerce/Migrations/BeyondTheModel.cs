using Commerce.Orders;
using Commerce.Webhooks;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Commerce.Migrations;

/// <summary>What the model cannot say. Called by the migration that creates the tables; keep the call when it is generated anew.</summary>
internal static class BeyondTheModel
{
    public static void GuardBeyondTheModel(this MigrationBuilder migration)
    {
        migration.Sql(CatalogChangeTriggers.Sql);
        migration.Sql(StockGuards.Sql);
        migration.Sql(WebhookEventTriggers.Sql);
        // Expressions, which the model has no index for. Not a trigram one: staff know how an address begins.
        migration.Sql("CREATE INDEX ix_orders_email_prefix ON orders (lower(email) text_pattern_ops);");
        // In capitals, as the columns of an import are compared.
        migration.Sql("CREATE UNIQUE INDEX ix_locations_name ON locations (upper(name));");
        // Staff look for a part of a title, a slug or a SKU.
        migration.Sql("""
            CREATE EXTENSION IF NOT EXISTS pg_trgm;
            CREATE INDEX ix_products_search ON products USING gin (title gin_trgm_ops, slug gin_trgm_ops);
            CREATE INDEX ix_variants_search ON variants USING gin (sku gin_trgm_ops) WHERE withdrawn_at IS NULL;
            """);
        migration.Sql("""
            CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
            END $$;
            CREATE TRIGGER stock_movements_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON stock_movements
                FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
            CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
                FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
            CREATE TRIGGER payment_movements_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payment_movements
                FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
            """);
    }

    /// <summary>Brings the search for names to what it is now. Called by the migration that came with it, and by each that changes how names are compared.</summary>
    public static void IndexRecipients(this MigrationBuilder migration)
    {
        migration.Sql("DROP INDEX IF EXISTS ix_orders_recipient; DROP FUNCTION IF EXISTS is_named(text, text), words_of_name(text);");
        migration.Sql(RecipientNames.Sql);
    }

    /// <summary>Brings the triggers of an older database to what they are now. Called by a migration that changes one; those that are no longer are dropped here.</summary>
    public static void RenewTriggers(this MigrationBuilder migration)
    {
        migration.Sql("DROP FUNCTION IF EXISTS note_bundles() CASCADE");
        migration.Sql(CatalogChangeTriggers.Sql);
        migration.Sql(WebhookEventTriggers.Sql);
    }
}
