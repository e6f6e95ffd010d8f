import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';
import { currentRequestId } from './request-context.ts';
import { currentTraceId } from './tracing.ts';

interface LogSettings {
  logLevel: string;
}

/**
 * The server's log: one JSON object per line on standard output, with the id of the request that it concerns.
 *
 * @param worker the worker's number, if several share the log
 */
export const openLog = (
  { logLevel }: LogSettings,
  worker: number | null = null,
  destination?: DestinationStream,
): Logger => {
  const log = pino(
    {
      level: logLevel,
      serializers: { error: pino.stdSerializers.err },
      timestamp: pino.stdTimeFunctions.isoTime,
      mixin: () => {
        const requestId = currentRequestId();
        const traceId = currentTraceId();
        return {
          ...(requestId === null ? {} : { request_id: requestId }),
          ...(traceId === null ? {} : { trace_id: traceId }),
        };
      },
    },
    destination ?? pino.destination(1),
  );
  return worker === null ? log : log.child({ worker });
};
