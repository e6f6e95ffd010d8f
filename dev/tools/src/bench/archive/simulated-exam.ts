import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createIngest, loadConfig } from '@invigil/ingest';
import { SteadyClock } from '@invigil/ingest/testing';
import { createClient } from 'redis';
import { WebSocket } from 'ws';
import { createNoisyFrames } from './noisy-frames.ts';

/** All runs begin at the same moment of their clocks. */
const startMs = Date.UTC(2026, 0, 5, 9);
const framesPerSecond = 5;
/** One message of a session. */
const stepSeconds = 5;
/** Simulated seconds in one real one, at most: the archiver looks for due sessions once in a real second. */
const maxSpeed = 20;
/** How often, and by how much the archive may lag, simulated seconds. */
const archiveCheckSeconds = 10;

export interface ExamRun {
  /** Session ids. */
  students: readonly string[];
  seconds: number;
  /** The folder of the archive; null: frames stay in Redis. */
  archiveDir: string | null;
  redisUrl: string;
  folder: string;
  onProgress: (doneSeconds: number) => void;
}

export interface ExamFigures {
  /** Peak growth of Redis's memory, in bytes. */
  redisPeakBytes: number;
  archivedFrames: number;
  archivedBytes: number;
  /** SHA-256 of each student's dump. */
  dumps: Map<string, string>;
}

/** Limits that bind real students' time do not bind simulated time. */
const unlimited = {
  MAX_MESSAGES_PER_SECOND: '10000',
  MAX_MESSAGE_BURST: '100000',
  MAX_FRAMES_PER_SECOND: '100000',
  MAX_FRAME_BURST: '10000000',
  MAX_BYTES_PER_SECOND: '1000000000',
  MAX_REQUESTS_PER_SECOND: '100000',
  MAX_CONNECTIONS_PER_USER: '10000',
  MAX_CONNECTIONS_PER_ADDRESS: '10000',
};

interface Answer {
  type: string;
  code?: string;
  retry_after_ms?: number;
}

/** A student's connection, which sends one message at a time. */
class StudentConnection {
  readonly #socket: WebSocket;
  #settle: (error: Error | null) => void = () => undefined;
  #text = '';

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => {
      const { type, code, retry_after_ms: afterMs } = JSON.parse(data.toString()) as Answer;
      if (type === 'ack') this.#settle(null);
      // A store that is slow on a busy machine; the server stores a repeated message once.
      if (type === 'slow_down') setTimeout(() => this.#socket.send(this.#text), afterMs ?? 0);
      if (type === 'error') this.#settle(new Error(`the server refused frames: ${code}`));
    });
    socket.on('close', (code) => this.#settle(new Error(`the server closed a connection with ${code}`)));
  }

  static async open(port: number, sessionId: string): Promise<StudentConnection> {
    const url = `ws://127.0.0.1:${port}/api/v1/session/ws/${sessionId}`;
    const socket = new WebSocket(url, { perMessageDeflate: false });
    const connection = new StudentConnection(socket);
    await once(socket, 'open');
    return connection;
  }

  /** Resolves when the message is acknowledged. */
  deliver(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#settle = (error) => (error === null ? resolve() : reject(error));
      this.#text = text;
      this.#socket.send(text);
    });
  }

  close(): void {
    this.#socket.close();
  }
}

const hashOf = async (file: string): Promise<string> => {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
};

const usedBytes = (info: string): number => Number(/^used_memory:(\d+)/m.exec(info)?.[1] ?? 0);
const metricOf = (metrics: string, name: string): number =>
  Number(new RegExp(`^${name} ([\\d.e+-]+)`, 'm').exec(metrics)?.[1] ?? 0);

const metricsOf = async (port: number): Promise<string> => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();

/** On a slow machine, simulated time must not run ahead of an archiver that keeps up with real time. */
const untilArchived = async (port: number): Promise<void> => {
  while (metricOf(await metricsOf(port), 'invigil_archive_lag_seconds') > archiveCheckSeconds) await delay(100);
};

/**
 * Runs an exam on a real server and a real Redis, with the server's clock under control: it stands still until every message of a step is
 * acknowledged. So two runs have the same times of receipt; the chains begin with the same nonces.
 */
export const runExam = async (run: ExamRun): Promise<ExamFigures> => {
  const { students, seconds, archiveDir, redisUrl, folder, onProgress } = run;
  let nowMs = startMs;
  const now = (): number => nowMs;
  const dumpDir = join(folder, 'dumps');
  const config = loadConfig({
    PORT: '0',
    DATA_DIR: join(folder, 'data'),
    DUMP_DIR: dumpDir,
    REDIS_URL: redisUrl,
    LOG_LEVEL: 'error',
    ...unlimited,
    ...(archiveDir === null ? { FRAME_BUFFER_RETENTION_SECONDS: '21600' } : { FRAME_ARCHIVE_DIR: archiveDir }),
  });
  const redis = await createClient({ url: redisUrl }).connect();
  const before = usedBytes(await redis.info('memory'));
  const ingest = createIngest(config, new SteadyClock({ wallMs: now, monotonicMs: now, uptimeMs: now }));
  const { port } = await ingest.listen();
  const figures: ExamFigures = { redisPeakBytes: 0, archivedFrames: 0, archivedBytes: 0, dumps: new Map() };
  try {
    for (const id of students) {
      const nonce = createHash('sha256').update(id).digest('hex').slice(0, 32);
      await redis.hSet(`frames_state:${id}`, 'nonce', nonce);
    }
    const connections = await Promise.all(students.map((id) => StudentConnection.open(port, id)));
    const nextFrame = createNoisyFrames(startMs);
    for (let second = 0; second < seconds; second += stepSeconds) {
      const realMs = performance.now();
      nowMs = startMs + (second + stepSeconds) * 1000;
      const frames = Array.from({ length: stepSeconds * framesPerSecond }, nextFrame);
      const text = JSON.stringify({ type: 'batch', frames, chain: null });
      await Promise.all(connections.map((connection) => connection.deliver(text)));
      figures.redisPeakBytes = Math.max(figures.redisPeakBytes, usedBytes(await redis.info('memory')) - before);
      onProgress(second + stepSeconds);
      if (second % archiveCheckSeconds === 0) await untilArchived(port);
      await delay((stepSeconds / maxSpeed) * 1000 - (performance.now() - realMs));
    }
    const metrics = await metricsOf(port);
    figures.archivedFrames = metricOf(metrics, 'invigil_frames_archived_total');
    figures.archivedBytes = metricOf(metrics, 'invigil_archived_bytes_total');
    for (const connection of connections) connection.close();
    for (const id of students) {
      const { status } = await fetch(`http://127.0.0.1:${port}/api/v1/session/${id}/end`, { method: 'POST' });
      if (status !== 204) throw new Error(`the end of a session answered ${status}`);
      const file = join(dumpDir, `${id}_frames.json`);
      figures.dumps.set(id, await hashOf(file));
      await rm(file);
    }
  } finally {
    await ingest.close();
    redis.destroy();
  }
  return figures;
};
