/**
 * What one would write in an afternoon: ws, JSON.parse, the very Redis command of the real frame store, an acknowledgement. Nothing
 * is checked, limited, observed, shown or counted.
 */
import { createServer } from 'node:http';
import { createClient } from 'redis';
import { WebSocketServer } from 'ws';
import { frameScripts } from '@invigil/ingest/testing';
import { answerParent } from './measured-process.mjs';

const retentionSeconds = '21600';
const maxGaps = '256';

const redis = createClient({ url: process.env.REDIS_URL, scripts: frameScripts });
await redis.connect();

/** The command wants each batch chained to the one before; a bare loop does not hash. */
const heads = new Map();

const take = async (sessionId, text) => {
  const { frames } = JSON.parse(text);
  const [previous, link] = [heads.get(sessionId) ?? 'bare', `bare-${frames[0].seq}`];
  heads.set(sessionId, link);
  const [status, , upToSeq] = await redis.appendFrames(
    [
      `frames_state:${sessionId}`,
      `frames_meta:${sessionId}`,
      `frames_links:${sessionId}`,
      ...frames.map(({ seq }) => `frame_meta:${sessionId}:${seq}`),
    ],
    [
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
      ...frames.flatMap((frame) => [
        String(frame.seq),
        String(frame.seq),
        String(frame.timestamp),
        JSON.stringify(frame),
      ]),
    ],
  );
  if (status !== 'stored') throw new Error(`the command answered ${status}`);
  return JSON.stringify({ type: 'ack', up_to_seq: Number(upToSeq) });
};

const server = createServer();
new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (socket, request) => {
  const sessionId = request.url.split('/').at(-1);
  socket.on('message', async (data) => socket.send(await take(sessionId, /** @type {Buffer} */ (data).toString())));
});
server.listen(0, '127.0.0.1', () => process.send({ started: { port: server.address().port } }));
answerParent();
process.once('SIGTERM', () => process.exit(0));
