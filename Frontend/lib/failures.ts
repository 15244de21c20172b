/** The shop says no: a 4xx problem with a stable code. `lib/refusals.ts` puts it into words. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** Everything else the problem says, e.g. the lines that are out of stock. */
    readonly details: Record<string, unknown> = {},
  ) {
    super(message);
  }
}

/**
 * The world failed: no answer, a time-out, or a 5xx. The digest is the only part of an error that Next shows the
 * browser, so it carries the trace id to the error page.
 */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  readonly digest: string;

  constructor(
    message: string,
    traceId: string,
    options?: ErrorOptions,
    /** Api's code, when it was Api that answered, e.g. `accounts.sessions-away`. */
    readonly code?: string,
  ) {
    super(message, options);
    this.digest = `trace:${traceId}`;
  }
}

export function traceIdOf(error: { digest?: string }): string | undefined {
  return error.digest?.startsWith('trace:') ? error.digest.slice('trace:'.length) : undefined;
}
