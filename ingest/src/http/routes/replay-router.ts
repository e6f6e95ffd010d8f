import { Router } from 'express';
import type { StoredFrame } from '@invigil/protocol/frame';
import { encodeReplay } from '@invigil/protocol/report';
import type { SessionReplay } from '../../reports/session-replay.ts';
import { sendStream } from '../send-stream.ts';
import { HttpProblem } from '../problems/http-problem.ts';
import { ReportReading } from './report-reading.ts';
import type { ReportReadingOptions } from './report-reading.ts';

export interface ReplayRouterOptions extends ReportReadingOptions {
  replay: SessionReplay;
}

const maxTimeMs = 8.64e15;

const timeOf = (value: unknown, field: string, absent: number): number => {
  if (value === undefined) return absent;
  if (typeof value === 'string' && /^\d{1,16}$/.test(value) && Number(value) <= maxTimeMs) return Number(value);
  throw new HttpProblem('INVALID_MESSAGE', 'must be milliseconds since the Unix epoch', { field });
};

/** One chunk in memory at a time, however long the session is. */
const encoded = async function* (chunks: AsyncIterable<StoredFrame[]>, startMs: number): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield encodeReplay(chunk, startMs);
};

/** `/api/v1/session/{id}/replay`: the readings of a session in binary, for users who may read its report. */
export const replayRouter = (options: ReplayRouterOptions): Router => {
  const reading = new ReportReading(options);
  const router = Router();

  router.get('/:sessionId/replay', async (request, response) => {
    const { session, principal } = await reading.findReadable(request);
    const span = {
      fromMs: timeOf(request.query['from_ms'], 'from_ms', 0),
      toMs: timeOf(request.query['to_ms'], 'to_ms', maxTimeMs),
    };
    await reading.limitAnalysis(session, principal);
    const chunks = await options.replay.of(session, span);
    if (chunks === null) throw new HttpProblem('NOT_FOUND', 'the frames of this session have expired');
    const startMs = Date.parse(session.startedAt);
    response.type('application/octet-stream');
    response.set('Replay-Start', String(startMs));
    await sendStream(encoded(chunks, startMs), response);
  });

  return router;
};
