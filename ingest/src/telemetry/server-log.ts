import { pino } from 'pino';
import type { Logger } from 'pino';

interface LogSettings {
  logLevel: string;
}

/** The server's log: one JSON object per line on standard output. @param worker the worker's number, if several share the log */
export const openLog = ({ logLevel }: LogSettings, worker: number | null = null): Logger => {
  const log = pino({ level: logLevel, serializers: { error: pino.stdSerializers.err } });
  return worker === null ? log : log.child({ worker });
};
