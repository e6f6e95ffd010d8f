import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { StoredFrame } from '@invigil/protocol/frame';
import type { FramesDump } from '@invigil/ingest/dump';
import { serverProgram, weightsFolder } from '../repository.ts';
import { freePort } from '../services/free-port.ts';

const startLimitMs = 60_000;

/** The server as a separate process, on one port and with one data folder across restarts. */
export class RealServer {
  readonly url: string;
  readonly #port: number;
  readonly #folder: string;
  readonly #environment: NodeJS.ProcessEnv;
  #child: ChildProcess | null = null;

  private constructor(port: number, folder: string, environment: NodeJS.ProcessEnv) {
    this.url = `http://127.0.0.1:${port}`;
    this.#port = port;
    this.#folder = folder;
    this.#environment = environment;
  }

  static async start(environment: NodeJS.ProcessEnv = {}): Promise<RealServer> {
    const folder = await mkdtemp(join(tmpdir(), 'invigil-engine-test-'));
    const server = new RealServer(await freePort(), folder, environment);
    await server.restart();
    return server;
  }

  async restart(): Promise<void> {
    const child = spawn(process.execPath, [serverProgram], {
      cwd: this.#folder,
      env: {
        PATH: process.env['PATH'],
        HOST: '127.0.0.1',
        PORT: String(this.#port),
        AUTH: 'dev',
        MODELS_DIR: weightsFolder,
        DATA_DIR: join(this.#folder, 'data'),
        DUMP_DIR: join(this.#folder, 'dumps'),
        ...this.#environment,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#child = child;
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const untilMs = Date.now() + startLimitMs;
    for (;;) {
      if (child.exitCode !== null || Date.now() > untilMs) throw new Error(`the server did not start: ${said}`);
      const answer = await fetch(`${this.url}/healthz`).catch(() => null);
      if (answer !== null) return;
      await delay(50);
    }
  }

  /** Without a clean shutdown. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }

  async close(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** @param token of a permitted user, if the server requires one. */
  async request(
    method: string,
    path: string,
    token: string | null = null,
    body: object | null = null,
  ): Promise<Response> {
    const response = await fetch(`${this.url}/api/v1/session/${path}`, {
      method,
      headers: {
        'Content-Type': 'application/json',
        ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
      },
      ...(body === null ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${await response.text()}`);
    return response;
  }

  async report(sessionId: string): Promise<{ integrity: { frames: number; frames_lost: number } }> {
    const answer = await this.request('GET', `${sessionId}/report`);
    return (await answer.json()) as { integrity: { frames: number; frames_lost: number } };
  }

  /** Starts a session, as a school's own server does. */
  async begin(memberId: string): Promise<{ session_id: string; token: string }> {
    const answer = await fetch(`${this.url}/api/v1/session/start`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ exam_id: 'embedded', member_id: memberId }),
    });
    return (await answer.json()) as { session_id: string; token: string };
  }

  /** Ends the session and reads its dump. */
  async endAndDump(sessionId: string, token: string | null = null): Promise<StoredFrame[]> {
    return (await this.endAndRead(sessionId, token)).frames;
  }

  /** The same, with everything beside the frames. */
  async endAndRead(sessionId: string, token: string | null = null): Promise<FramesDump> {
    await this.request('POST', `${sessionId}/end`, token);
    return JSON.parse(await readFile(join(this.#folder, 'dumps', `${sessionId}_frames.json`), 'utf8'));
  }
}
