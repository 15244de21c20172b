import type { Instrumentation } from 'next';

export async function register() {
  if (process.env.NEXT_RUNTIME === 'nodejs') {
    const { checkShopTime } = await import('./lib/shop-time');
    checkShopTime();
    const { startTelemetry } = await import('./lib/telemetry');
    startTelemetry();
  }
}

/** Every error that reaches Next is logged once, with the trace it belongs to. */
export const onRequestError: Instrumentation.onRequestError = async (error, request, context) => {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { logError } = await import('./lib/log');
  logError('Request failed', error, {
    'http.request.method': request.method,
    'url.path': request.path.split('?')[0],
    'http.route': context.routePath,
    'next.route_type': context.routeType,
  });
};
