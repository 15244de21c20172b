namespace Commerce.Webhooks;

/// <summary>
/// Events are caught where state changes: whatever code path pays, sends, cancels, expires or refunds an order, the same transaction leaves one
/// <c>publish-event</c> job. A shop without an endpoint pays for a look at an empty table.
/// </summary>
internal static class WebhookEventTriggers
{
    /// <summary>May be run again, on what an earlier version of it has made.</summary>
    public const string Sql = """
        CREATE OR REPLACE FUNCTION publish_event(type text, subject_id uuid, trace text) RETURNS void LANGUAGE sql AS $$
            INSERT INTO outbox (id, kind, version, arguments, priority, state, attempt, failures, trace_parent)
            SELECT uuidv7(), 'publish-event', 1, jsonb_build_object('eventId', uuidv7(), 'type', type, 'subjectId', subject_id), 1, 'pending', 0, 0, trace
            WHERE EXISTS (SELECT 1 FROM webhook_endpoints WHERE type = ANY(event_types));
        $$;

        CREATE OR REPLACE FUNCTION publish_order_event() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM publish_event('order.' || lower(NEW.status), NEW.id, NEW.trace_parent);
            RETURN NULL;
        END $$;
        CREATE OR REPLACE TRIGGER orders_publish_status AFTER UPDATE OF status ON orders FOR EACH ROW
            WHEN (OLD.status IS DISTINCT FROM NEW.status AND NEW.status IN ('Paid', 'Cancelled', 'Expired')) EXECUTE FUNCTION publish_order_event();

        CREATE OR REPLACE FUNCTION publish_placed_orders() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF EXISTS (SELECT 1 FROM webhook_endpoints WHERE 'order.placed' = ANY(event_types)) THEN
                PERFORM publish_event('order.placed', id, trace_parent) FROM placed;
            END IF;
            RETURN NULL;
        END $$;
        CREATE OR REPLACE TRIGGER orders_publish_placed AFTER INSERT ON orders REFERENCING NEW TABLE AS placed FOR EACH STATEMENT EXECUTE FUNCTION publish_placed_orders();

        CREATE OR REPLACE FUNCTION publish_part_event() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM publish_event(TG_ARGV[0], NEW.id, (SELECT trace_parent FROM orders WHERE id = NEW.order_id));
            RETURN NULL;
        END $$;
        CREATE OR REPLACE TRIGGER fulfilments_publish AFTER INSERT ON fulfilments FOR EACH ROW EXECUTE FUNCTION publish_part_event('order.fulfilled');
        CREATE OR REPLACE TRIGGER refunds_publish_found AFTER INSERT ON refunds FOR EACH ROW
            WHEN (NEW.status = 'Succeeded') EXECUTE FUNCTION publish_part_event('order.refunded');
        CREATE OR REPLACE TRIGGER refunds_publish_status AFTER UPDATE OF status ON refunds FOR EACH ROW
            WHEN (OLD.status IS DISTINCT FROM NEW.status AND NEW.status = 'Succeeded') EXECUTE FUNCTION publish_part_event('order.refunded');

        CREATE OR REPLACE FUNCTION publish_low_stock_event() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM publish_event('stock.low', (NEW.arguments ->> 'variantId')::uuid, NEW.trace_parent);
            RETURN NULL;
        END $$;
        CREATE OR REPLACE TRIGGER outbox_publish_low_stock AFTER INSERT ON outbox FOR EACH ROW
            WHEN (NEW.kind = 'alert-low-stock') EXECUTE FUNCTION publish_low_stock_event();
        """;
}
