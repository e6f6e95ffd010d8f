/**
 * The server that one would write in an afternoon: ws, JSON.parse, the Redis command of the real frame store, an acknowledgement.
 * No validation, limits, live view or metrics. It answers `hello` without looking anything up. `BENCH_WORK` adds work that the product promises for each frame, so that a reader sees what it
 * costs: `chain`, the hash chain over canonical JSON; `analysis`, the chain and the rules.
 */
import { hash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClient } from 'redis';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { sentText } from '@invigil/protocol/frame';
import { startArrivals, stepArrivals } from '@invigil/protocol/report';
import type { SessionState } from '@invigil/protocol/report';
import { currentRuleSet } from '@invigil/protocol/rules';
import { frameScripts } from '@invigil/ingest/testing';
import { answerParent, sendParent } from './measured-process.ts';

const retentionSeconds = '21600';
const maxGaps = '256';

interface SentFrame {
  seq: number;
  timestamp: number;
}

const work = process.env['BENCH_WORK'];
const isChained = work === 'chain' || work === 'analysis';
const isAnalysed = work === 'analysis';

const redis = createClient({ url: process.env['REDIS_URL'] ?? '', scripts: frameScripts });
await redis.connect();

/** The command requires each batch to be chained to the previous one; a bare loop does not hash. */
const heads = new Map<string, string>();
const states = new Map<string, SessionState>();

const analyse = (sessionId: string, frames: readonly SentFrame[]): void => {
  const receivedMs = Date.now();
  let state = states.get(sessionId) ?? startArrivals(receivedMs);
  for (const frame of frames) {
    const received = Object.assign(frame, { frame_id: String(frame.seq), received_at: receivedMs });
    [state] = stepArrivals(state, received, currentRuleSet);
  }
  states.set(sessionId, state);
};

const keysOf = (sessionId: string, frames: readonly SentFrame[]): string[] => [
  `frames_state:${sessionId}`,
  `frames_meta:${sessionId}`,
  `frames_links:${sessionId}`,
  ...frames.map(({ seq }) => `frame_meta:${sessionId}:${seq}`),
];

const store = async (sessionId: string, frames: readonly SentFrame[]): Promise<string> => {
  const texts = frames.map((frame) => (isChained ? sentText(frame) : JSON.stringify(frame)));
  const previous = heads.get(sessionId) ?? 'bare';
  const link = isChained ? hash('sha256', [previous, ...texts].join('\n')) : `bare-${frames[0]?.seq}`;
  heads.set(sessionId, link);
  const [status, , upToSeq] = await redis.appendFrames(keysOf(sessionId, frames), [
    retentionSeconds,
    retentionSeconds,
    maxGaps,
    'bare',
    previous,
    link,
    '0',
    String(frames.length),
    '0',
    '0',
    String(Date.now()),
    // The script writes the opening brace with the fields that it adds.
    ...frames.flatMap((frame, at) => [
      String(frame.seq),
      String(frame.seq),
      String(frame.timestamp),
      (texts[at] ?? '').slice(1),
    ]),
  ]);
  if (status !== 'stored') throw new Error(`the command answered ${status}`);
  if (isAnalysed) analyse(sessionId, frames);
  return JSON.stringify({ type: 'ack', up_to_seq: Number(upToSeq) });
};

/** As long as the server's own. */
const welcome = (sessionId: string): string =>
  JSON.stringify({
    type: 'welcome',
    session_id: sessionId,
    server_time_ms: Date.now(),
    up_to_seq: -1,
    highest_seq: -1,
    chain: 'bare'.padEnd(64, '-'),
  });

const answer = async (socket: WebSocket, sessionId: string, data: Buffer): Promise<void> => {
  const message = JSON.parse(data.toString()) as { type: 'hello' } | { type: 'batch'; frames: SentFrame[] };
  socket.send(message.type === 'hello' ? welcome(sessionId) : await store(sessionId, message.frames));
};

const server = createServer();
new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (socket, request) => {
  const sessionId = request.url?.split('/').at(-1) ?? '';
  socket.on('message', (data: Buffer) => void answer(socket, sessionId, data));
});
server.listen(0, '127.0.0.1', () => sendParent({ started: { port: (server.address() as AddressInfo).port } }));
answerParent({});
process.once('SIGTERM', () => process.exit(0));
