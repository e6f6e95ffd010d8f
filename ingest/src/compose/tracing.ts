import { DiagLogLevel, diag } from '@opentelemetry/api';
import type { Config } from '../config.ts';
import { IngestError } from '../model/ingest-error.ts';
import type { OutageLog } from '../telemetry/outage-log.ts';
import { withDeadline } from '../time/with-deadline.ts';
import { version } from '../version.ts';

/** Not installed with the server; kept at these versions by its package.json. */
const packages = [
  '@opentelemetry/sdk-trace-node@2.12.1',
  '@opentelemetry/exporter-trace-otlp-http@0.223.1',
  '@opentelemetry/resources@2.12.1',
];
const flushWithinMs = 5000;

const loadPackages = async () => {
  const [{ NodeTracerProvider, BatchSpanProcessor }, { OTLPTraceExporter }, { resourceFromAttributes }] =
    await Promise.all([
      import('@opentelemetry/sdk-trace-node'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ]);
  return { NodeTracerProvider, BatchSpanProcessor, OTLPTraceExporter, resourceFromAttributes };
};

/** The packages report an error as JSON with a stack trace. */
const reasonOf = (message: string): string => {
  try {
    return String((JSON.parse(message) as { message?: unknown }).message).slice(0, 300);
  } catch {
    return message.slice(0, 300);
  }
};

export interface Tracing {
  /** Sends the remaining spans, at most for some seconds. */
  close(): Promise<void>;
}

/**
 * Sends the spans of this process to the collector that the settings name; without one, does nothing. The packages read the other
 * `OTEL_…` variables themselves. Spans that the collector does not accept are dropped.
 *
 * @throws IngestError `bad_config` if the packages are not installed
 */
export const openTracing = async (
  { traces }: Pick<Config, 'traces'>,
  outages: OutageLog,
  load: typeof loadPackages = loadPackages,
): Promise<Tracing> => {
  if (traces === null) return { close: async () => undefined };
  const sdk = await load().catch((error: unknown) => {
    const reason = `OTEL_EXPORTER_OTLP_ENDPOINT is set, but its packages are not installed: run npm install --no-save ${packages.join(' ')}`;
    throw new IngestError('bad_config', reason, error);
  });
  const provider = new sdk.NodeTracerProvider({
    resource: sdk.resourceFromAttributes({ 'service.name': traces.serviceName, 'service.version': version }),
    spanProcessors: [new sdk.BatchSpanProcessor(new sdk.OTLPTraceExporter({ url: traces.url }))],
  });
  provider.register();
  const failed = (message: string): void => outages.warn({ event: 'traces.not_sent', error: reasonOf(message) });
  const ignore = (): void => undefined;
  diag.setLogger(
    { error: failed, warn: ignore, info: ignore, debug: ignore, verbose: ignore },
    { logLevel: DiagLogLevel.ERROR, suppressOverrideMessage: true },
  );
  return { close: () => withDeadline(provider.shutdown().catch(ignore), flushWithinMs, ignore) };
};
