/** What an analysis costs after 1,000 and after 54,000 frames (3 h at 5 a second), in both stores. `--help` says more. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { commandLineOrExit } from '../../command/command-line.ts';

const usage = `npm run bench:analyze -- [--rounds N] [--json]

What an analysis costs after 1,000 and after 54,000 frames (3 h at 5 a second), in the embedded store and in Redis. Needs redis-server.

  --rounds N   analyses of each length that count (default 20)
  --json       prints the figures as one object
  --help       this text`;

const values = commandLineOrExit(usage, { json: { type: 'boolean' }, rounds: { type: 'string', default: '20' } });
const lengths = [1000, 54_000];
const batchFrames = 25;
/** The first analyses find their checkpoints behind, because the frames came all at once, and code that was never run. */
const warmUpRounds = 4;

const freePort = async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
};

/** An ordinary sitting: mostly calm, with something to observe every ten minutes. */
const frameAt = (seq, startMs) => ({
  seq,
  timestamp: startMs + seq * 200,
  no_of_face: 1,
  face_x: 320,
  face_y: 240,
  face_w: 150,
  face_h: 180,
  face_conf: 93.2,
  head_yaw: Math.round(Math.sin(seq / 40) * 200) / 1000,
  head_pitch: -0.08,
  phone_present: seq % 3000 > 2950 ? 1 : 0,
  phone_conf: 61,
  image_brightness: 0.46,
  image_obstructed: 0,
  image_frozen: 0,
  image_width: 640,
});

const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];

const measure = async (name, redisUrl, folder) => {
  const { createIngest, loadConfig } = await import(new URL('../../../../../ingest/dist/app.js', import.meta.url).href);
  const config = loadConfig({
    PORT: '0',
    DATA_DIR: join(folder, name),
    DUMP_DIR: join(folder, 'dumps'),
    REDIS_URL: redisUrl ?? '',
    LOG_LEVEL: 'error',
    // Three hours of frames come in a few seconds here.
    MAX_MESSAGES_PER_SECOND: '10000',
    MAX_MESSAGE_BURST: '100000',
    MAX_BYTES_PER_SECOND: '1000000000',
  });
  const ingest = createIngest(config);
  const { port } = await ingest.listen();
  const origin = `http://127.0.0.1:${port}/api/v1/session`;
  const headers = { 'content-type': 'application/json' };
  const post = (path, body) => fetch(`${origin}/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  const sessions = lengths.map((length) => ({
    sessionId: `bench-${length}`,
    length,
    startMs: Date.now() - length * 200,
    stored: 0,
    times: [],
  }));
  const store = async (session, count) => {
    const { sessionId, startMs, stored } = session;
    const frames = Array.from({ length: count }, (_, at) => frameAt(stored + at, startMs));
    const answer = await post('ws/fallback', { session_id: sessionId, type: 'batch', frames });
    if (!answer.ok) throw new Error(`the server refused a batch: ${await answer.text()}`);
    await answer.arrayBuffer();
    session.stored += count;
  };
  const analyze = async ({ sessionId, stored, times }, isCounted) => {
    const from = performance.now();
    const answer = await post(`${sessionId}/analyze`);
    const report = await answer.json();
    const tookMs = performance.now() - from;
    if (!answer.ok) throw new Error(`analyze answered ${answer.status}`);
    if (report.integrity.frames !== stored) throw new Error('frames are missing');
    if (isCounted) times.push(tookMs);
  };
  try {
    for (const session of sessions) while (session.stored < session.length) await store(session, 500);
    for (let round = -warmUpRounds; round < Number(values.rounds); round += 1) {
      // The frames of a few seconds, as between two looks of a proctor; then the throttle's second.
      for (const session of sessions) await store(session, batchFrames);
      await delay(1050);
      // In turn, so that what the machine does besides and the warmth of the code are the same for both. Two rounds each, because
      // every second round moves the checkpoint on.
      const inTurn = Math.floor(round / 2) % 2 === 0 ? sessions : sessions.toReversed();
      for (const session of inTurn) await analyze(session, round >= 0);
    }
  } finally {
    await ingest.close();
  }
  return sessions.map(({ length, times }) => ({
    store: name,
    frames: length,
    median_ms: median(times),
    max_ms: Math.max(...times),
  }));
};

const main = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'invigil-bench-'));
  const redisPort = await freePort();
  const words = ['--port', String(redisPort), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const redis = spawn('redis-server', words, { stdio: 'ignore', cwd: folder });
  try {
    const results = [
      ...(await measure('embedded', null, folder)),
      ...(await measure('redis', `redis://127.0.0.1:${redisPort}`, folder)),
    ];
    const ratios = Object.fromEntries(
      ['embedded', 'redis'].map((store) => {
        const [short, long] = results.filter((result) => result.store === store);
        return [store, long.median_ms / short.median_ms];
      }),
    );
    if (values.json) return console.log(JSON.stringify({ results, ratio_of_medians: ratios }));
    for (const { store, frames, median_ms, max_ms } of results) {
      console.log(
        `${store.padEnd(9)} ${String(frames).padStart(6)} frames: median ${median_ms.toFixed(1)} ms, max ${max_ms.toFixed(1)} ms`,
      );
    }
    for (const [store, ratio] of Object.entries(ratios))
      console.log(`${store}: ratio of the medians ${ratio.toFixed(2)}`);
  } finally {
    redis.kill();
    await rm(folder, { recursive: true, force: true });
  }
};

await main();
