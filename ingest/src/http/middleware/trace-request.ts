import { SpanKind, SpanStatusCode, context, propagation, trace } from '@opentelemetry/api';
import type { RequestHandler } from 'express';
import { tracer } from '../../telemetry/tracing.ts';

/** Monitoring calls these all the time. */
const untracedPaths: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);

/**
 * Makes each request a span, below the trace of its `traceparent`. @param routeOf the path's pattern, as the API describes it: a path
 * itself can hold a student's id
 */
export const traceRequest =
  (routeOf: (method: string, path: string) => string | null): RequestHandler =>
  (request, response, next) => {
    if (untracedPaths.has(request.path)) return next();
    const { method, path } = request;
    const route = routeOf(method, path);
    const parent = propagation.extract(context.active(), request.headers);
    const span = tracer.startSpan(
      route === null ? method : `${method} ${route}`,
      {
        kind: SpanKind.SERVER,
        attributes: { 'http.request.method': method, ...(route === null ? {} : { 'http.route': route }) },
      },
      parent,
    );
    response.once('close', () => {
      span.setAttribute('http.response.status_code', response.statusCode);
      if (response.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    });
    context.with(trace.setSpan(parent, span), next);
  };
