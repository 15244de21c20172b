import { trace, type Attributes } from '@opentelemetry/api';
import { logs, SeverityNumber } from '@opentelemetry/api-logs';

/** Writes one line to the console and one OTLP log record, both carrying the current trace. */
export function logError(message: string, error: unknown, attributes: Attributes = {}) {
  const cause = error instanceof Error ? error : new Error(String(error));
  const context = trace.getActiveSpan()?.spanContext();
  logs.getLogger('frontend').emit({
    severityNumber: SeverityNumber.ERROR,
    severityText: 'ERROR',
    body: `${message}: ${cause.message}`,
    attributes: {
      ...attributes,
      'exception.type': cause.name,
      'exception.message': cause.message,
      'exception.stacktrace': cause.stack,
    },
  });
  console.error(
    JSON.stringify({ level: 'error', message, error: cause.message, traceId: context?.traceId, ...attributes }),
  );
}
