/** What an analysis costs after 1,000 and after 54,000 frames (3 h at 5 a second), in both stores. `--json` for one object. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { json: { type: 'boolean' }, rounds: { type: 'string', default: '15' } } });
const lengths = [1000, 54_000];
const batchFrames = 25;

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

const measure = async (store, redisUrl, folder) => {
  const { createIngest, loadConfig } = await import(new URL('../ingest/dist/app.js', import.meta.url).href);
  const config = loadConfig({
    PORT: '0',
    DATA_DIR: join(folder, store),
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
  const results = [];
  try {
    for (const length of lengths) {
      const sessionId = `bench-${length}`;
      const startMs = Date.now() - length * 200;
      for (let from = 0; from < length; from += 500) {
        const frames = Array.from({ length: 500 }, (_, at) => frameAt(from + at, startMs));
        const answer = await post('ws/fallback', { session_id: sessionId, type: 'batch', frames });
        if (!answer.ok) throw new Error(`the server refused a batch: ${await answer.text()}`);
        await answer.arrayBuffer();
      }
      const times = [];
      for (let round = -1; round < Number(values.rounds); round += 1) {
        // The frames of a few seconds, as between two looks of a proctor; then the throttle's second.
        const next = Array.from({ length: batchFrames }, (_, at) =>
          frameAt(length + round * batchFrames + at + batchFrames, startMs),
        );
        await (await post('ws/fallback', { session_id: sessionId, type: 'batch', frames: next })).arrayBuffer();
        await delay(1050);
        const from = performance.now();
        const answer = await post(`${sessionId}/analyze`);
        const report = await answer.json();
        if (!answer.ok) throw new Error(`analyze answered ${answer.status}`);
        if (report.integrity.frames !== length + (round + 2) * batchFrames) throw new Error('frames are missing');
        // The first one finds the checkpoint behind, because the frames came all at once.
        if (round >= 0) times.push(performance.now() - from);
      }
      results.push({ store, frames: length, median_ms: median(times), max_ms: Math.max(...times) });
    }
  } finally {
    await ingest.close();
  }
  return results;
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
