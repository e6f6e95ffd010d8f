import type { RequestHandler } from 'express';
import type { IngestMetrics } from '../../telemetry/ingest-metrics.ts';

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Times each request by method and status class only: a path can contain anything, including a student's id. */
export const requestTimer =
  ({ requestSeconds }: IngestMetrics): RequestHandler =>
  (request, response, next) => {
    const took = requestSeconds.startTimer();
    response.once('close', () => {
      const method = methods.has(request.method) ? request.method : 'other';
      took({ method, answer: response.writableFinished ? `${Math.floor(response.statusCode / 100)}xx` : 'cut' });
    });
    next();
  };
