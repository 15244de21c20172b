import { SpanKind, type Attributes, type Context, type Link } from '@opentelemetry/api';
import { NodeSDK, core, tracing } from '@opentelemetry/sdk-node';

const flushTimeoutMs = 3000;
const untraced = /^\/(alive|_next\/static\/)/;

/**
 * Leaves out liveness probes and static files; everything else follows the caller's decision. Of an address only the path is told:
 * what stands behind it may open an order.
 */
class ShopSampler implements tracing.Sampler {
  private readonly inner = new tracing.ParentBasedSampler({ root: new tracing.AlwaysOnSampler() });

  shouldSample(context: Context, traceId: string, name: string, kind: SpanKind, attributes: Attributes, links: Link[]) {
    const target = attributes['http.target'];
    if (typeof target === 'string' && untraced.test(target)) {
      return { decision: tracing.SamplingDecision.NOT_RECORD };
    }
    const sampled = this.inner.shouldSample(context, traceId, name, kind, attributes, links);
    return typeof target === 'string' ? { ...sampled, attributes: { ...sampled.attributes, 'http.target': target.split('?')[0] } } : sampled;
  }

  toString() {
    return 'ShopSampler';
  }
}

/** Traces, metrics and logs over OTLP, as the OTEL_* variables say; without an endpoint nothing is sent. */
export function startTelemetry() {
  // lib/api.ts traces its own calls and passes the context on; Next's span for the same fetch would double it.
  process.env.NEXT_OTEL_FETCH_DISABLED = '1';

  const exporting = Boolean(
    process.env.OTEL_EXPORTER_OTLP_ENDPOINT ||
      process.env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ||
      process.env.OTEL_TRACES_EXPORTER,
  );
  if (!exporting) {
    process.env.OTEL_METRICS_EXPORTER = 'none';
    process.env.OTEL_LOGS_EXPORTER = 'none';
  } else {
    process.env.OTEL_METRICS_EXPORTER ??= 'otlp';
    process.env.OTEL_LOGS_EXPORTER ??= 'otlp';
  }

  const sdk = new NodeSDK({
    serviceName: process.env.OTEL_SERVICE_NAME ?? 'frontend',
    sampler: new ShopSampler(),
    // Without an exporter spans are still made: the context is passed on, and an error page has a trace id to show.
    ...(exporting ? {} : { spanProcessors: [new tracing.NoopSpanProcessor()] }),
    textMapPropagator: new core.CompositePropagator({
      propagators: [new core.W3CTraceContextPropagator(), new core.W3CBaggagePropagator()],
    }),
    instrumentations: [],
  });
  sdk.start();

  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => flushBeforeExit(() => sdk.shutdown()));
}

/**
 * On these signals Next finishes its requests and then calls `process.exit`, without a hook for others. The spans of those
 * last requests leave first, if the receiver takes them in time.
 */
function flushBeforeExit(flush: () => Promise<void>) {
  const exit = process.exit.bind(process);
  process.exit = ((code) => {
    const late = new Promise<void>((resolve) => setTimeout(resolve, flushTimeoutMs));
    Promise.race([flush(), late])
      .catch((error: unknown) => console.error('Telemetry could not be flushed', error))
      .finally(() => exit(code));
  }) as typeof process.exit;
}
