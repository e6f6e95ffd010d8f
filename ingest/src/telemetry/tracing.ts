import { AsyncLocalStorage } from 'node:async_hooks';
import { ProxyTracerProvider, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Attributes } from '@opentelemetry/api';
import { version } from '../version.ts';

/** Without an exporter (`compose/tracing.ts`), its spans cost next to nothing. */
export const tracer = trace.getTracer('invigil', version);

const noProvider = new ProxyTracerProvider().getDelegate();

/** Without an exporter, a span would cost each message several objects and calls. */
const isExported = (): boolean => {
  const provider = trace.getTracerProvider();
  return !(provider instanceof ProxyTracerProvider) || provider.getDelegate() !== noProvider;
};

/**
 * Runs the work as a span of the current trace. Names and attributes hold kinds and counts only, no ids, texts or error messages.
 *
 * @example
 * await inSpan('frames append', { 'invigil.frames': 5 }, () => store.append(frames));
 */
export const inSpan = <Result>(name: string, attributes: Attributes, work: () => Promise<Result>): Promise<Result> => {
  if (!isExported()) return work();
  return tracer.startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await work();
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
};

export type Run = (work: () => void) => void;

/** Runs work with the trace that is current now: libraries call listeners outside of it. */
export const runnerInTrace = (): Run => (isExported() ? AsyncLocalStorage.snapshot() : (work) => work());

/** The trace that this code runs in; null if none is exported. */
export const currentTraceId = (): string | null => {
  const span = trace.getActiveSpan();
  return span?.isRecording() === true ? span.spanContext().traceId : null;
};
