/** Measures an analysis after 1,000 and after 54,000 frames (3 h at 5 a second), in both stores. `--help` prints the options. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createIngest, loadConfig } from '@invigil/ingest';
import { startRedis } from '@invigil/testkit/services/redis-service';
import { commandLine, numberOption, runCommand } from '../../command/command-line.ts';

const usage = `npm run bench:analyze -- [--rounds N] [--json]

Measures an analysis after 1,000 and after 54,000 frames (3 h at 5 a second), in the embedded store and in Redis. Needs redis-server.

  --rounds N   analyses of each length that count (default 20)
  --json       prints the figures as one object
  --help       this text`;

const lengths = [1000, 54_000];
const batchFrames = 25;
/** At first the checkpoints lag behind, because all frames arrive at once, and the code is not compiled. */
const warmUpRounds = 4;
/** The server's limit is one analysis of a session per second. */
const betweenRoundsMs = 1050;

interface MeasuredSession {
  sessionId: string;
  length: number;
  startMs: number;
  stored: number;
  timesMs: number[];
}

interface AnalysisFigures {
  store: string;
  frames: number;
  median_ms: number;
  max_ms: number;
}

/** An ordinary session, with something to observe every ten minutes. */
const frameAt = (seq: number, startMs: number): object => ({
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

const median = (list: readonly number[]): number =>
  list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN;

type Post = (path: string, body?: object) => Promise<Response>;

const storeFrames = async (post: Post, session: MeasuredSession, count: number): Promise<void> => {
  const { sessionId, startMs, stored } = session;
  const frames = Array.from({ length: count }, (_, at) => frameAt(stored + at, startMs));
  const answer = await post('ws/fallback', { session_id: sessionId, type: 'batch', frames });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`the server refused a batch: ${text}`);
  session.stored += count;
};

const analyze = async (post: Post, { sessionId, stored, timesMs }: MeasuredSession, isCounted: boolean) => {
  const fromMs = performance.now();
  const answer = await post(`${sessionId}/analyze`);
  const report = (await answer.json()) as { integrity: { frames: number } };
  const tookMs = performance.now() - fromMs;
  if (!answer.ok) throw new Error(`analyze answered ${answer.status}`);
  if (report.integrity.frames !== stored) throw new Error('frames are missing');
  if (isCounted) timesMs.push(tookMs);
};

const runRounds = async (post: Post, sessions: readonly MeasuredSession[], rounds: number): Promise<void> => {
  for (const session of sessions) while (session.stored < session.length) await storeFrames(post, session, 500);
  for (let round = -warmUpRounds; round < rounds; round += 1) {
    // The frames of a few seconds, as between two analyses that a proctor requests.
    for (const session of sessions) await storeFrames(post, session, batchFrames);
    await delay(betweenRoundsMs);
    // Alternating, so that other work on the machine and warm code affect both lengths equally. Two rounds each, because every
    // second round advances the checkpoint.
    const inTurn = Math.floor(round / 2) % 2 === 0 ? sessions : sessions.toReversed();
    for (const session of inTurn) await analyze(post, session, round >= 0);
  }
};

const measure = async (
  name: string,
  redisUrl: string | null,
  folder: string,
  rounds: number,
): Promise<AnalysisFigures[]> => {
  const config = loadConfig({
    PORT: '0',
    DATA_DIR: join(folder, name),
    DUMP_DIR: join(folder, 'dumps'),
    REDIS_URL: redisUrl ?? '',
    LOG_LEVEL: 'error',
    // Three hours of frames arrive in a few seconds here.
    MAX_MESSAGES_PER_SECOND: '10000',
    MAX_FRAMES_PER_SECOND: '100000',
    MAX_FRAME_BURST: '10000000',
    MAX_REQUESTS_PER_SECOND: '100000',
    MAX_MESSAGE_BURST: '100000',
    MAX_BYTES_PER_SECOND: '1000000000',
  });
  const ingest = createIngest(config);
  const { port } = await ingest.listen();
  const headers = { 'content-type': 'application/json' };
  const post: Post = (path, body) =>
    fetch(`http://127.0.0.1:${port}/api/v1/session/${path}`, {
      method: 'POST',
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const sessions = lengths.map((length): MeasuredSession => {
    const startMs = Date.now() - length * 200;
    return { sessionId: `bench-${length}`, length, startMs, stored: 0, timesMs: [] };
  });
  try {
    await runRounds(post, sessions, rounds);
  } finally {
    await ingest.close();
  }
  return sessions.map(({ length, timesMs }) => ({
    store: name,
    frames: length,
    median_ms: median(timesMs),
    max_ms: Math.max(...timesMs),
  }));
};

/** Median after many frames over the median after few, by store. */
const ratiosOf = (results: readonly AnalysisFigures[]): Record<string, number> =>
  Object.fromEntries(
    ['embedded', 'redis'].map((store) => {
      const [short, long] = results.filter((result) => result.store === store).map(({ median_ms }) => median_ms);
      return [store, (long ?? Number.NaN) / (short ?? Number.NaN)];
    }),
  );

await runCommand(async () => {
  const { values } = commandLine(usage, { json: { type: 'boolean' }, rounds: { type: 'string' } });
  const rounds = numberOption('rounds', values.rounds ?? '20', { min: 1, integer: true });
  const folder = await mkdtemp(join(tmpdir(), 'invigil-bench-'));
  const redis = await startRedis();
  try {
    const results = [
      ...(await measure('embedded', null, folder, rounds)),
      ...(await measure('redis', redis.url, folder, rounds)),
    ];
    const ratios = ratiosOf(results);
    if (values.json) return console.log(JSON.stringify({ results, ratio_of_medians: ratios }));
    for (const { store, frames, median_ms, max_ms } of results) {
      console.log(
        `${store.padEnd(9)} ${String(frames).padStart(6)} frames: median ${median_ms.toFixed(1)} ms, max ${max_ms.toFixed(1)} ms`,
      );
    }
    for (const [store, ratio] of Object.entries(ratios))
      console.log(`${store}: ratio of the medians ${ratio.toFixed(2)}`);
  } finally {
    await redis.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
