import { expect } from 'vitest';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { bearer } from '@invigil/testkit/tokens/tokens';
import { waitFor } from '@invigil/testkit/timers/waits';

const startMs = Date.UTC(2026, 0, 5, 9);

/** Five frames a second, with a phone visible from second 20 for 10 s. */
const frames = (count: number): object[] =>
  Array.from({ length: count }, (_, seq) => ({
    seq,
    timestamp: startMs + seq * 200,
    no_of_face: 1,
    head_yaw: 0,
    head_pitch: 0,
    phone_present: seq >= 100 && seq < 150 ? 1 : 0,
    phone_conf: 60,
  }));

export interface ProctoredSession {
  sessionId: string;
  /** The only observation in its report. */
  observationId: string;
}

/** A whole session of `memberId`, begun by the holder of `token` and ended; `meanwhile` runs before the end. */
export const runSession = async (
  server: TestServer,
  examId: string,
  memberId: string,
  token: string,
  meanwhile: (sessionId: string) => Promise<void> = async () => {},
): Promise<ProctoredSession> => {
  const started = await server.ask(
    'POST',
    '/api/v1/session/start',
    { exam_id: examId, member_id: memberId },
    bearer(token),
  );
  expect(started.status).toBe(201);
  const { session_id: sessionId, token: sessionToken } = started.json;
  const batch = { session_id: sessionId, type: 'batch', frames: frames(300) };
  const send = () => server.ask('POST', '/api/v1/session/ws/fallback', batch, bearer(sessionToken));
  // Like a client, repeats until acknowledged, because a store may still be connecting.
  await waitFor(async () => expect((await send()).json.messages).toMatchObject([{ type: 'ack' }]), 10_000);
  await meanwhile(sessionId);
  const ended = await server.ask('POST', `/api/v1/session/${sessionId}/end`, undefined, bearer(sessionToken));
  expect(ended.status).toBe(204);
  return { sessionId, observationId: 'phone_visible-100' };
};
