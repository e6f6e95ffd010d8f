import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoredFrame } from '@invigil/protocol/frame';
import type { Report } from '@invigil/protocol/report';
import type { FramesDump } from '@invigil/ingest/dump';
import { weightsFolder } from '../repository.ts';
import { freePort } from '../services/free-port.ts';
import { startServer } from './server-process.ts';
import type { ServerProcess } from './server-process.ts';

/** The server as a separate process, on one port and with one data folder across restarts. */
export class RealServer {
  readonly url: string;
  readonly #port: number;
  readonly #folder: string;
  readonly #environment: NodeJS.ProcessEnv;
  #process: ServerProcess | null = null;

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
    this.#process = await startServer({
      folder: this.#folder,
      port: this.#port,
      isEnvironmentShared: false,
      environment: { MODELS_DIR: weightsFolder, ...this.#environment },
    });
  }

  /** SIGKILL: the server has no time to finish anything. */
  async kill(): Promise<void> {
    const running = this.#process;
    this.#process = null;
    if (running !== null && !running.hasExited()) await running.end('SIGKILL');
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

  async report(sessionId: string): Promise<Report> {
    const answer = await this.request('GET', `${sessionId}/report`);
    return (await answer.json()) as Report;
  }

  /** Creates and opens an exam with this policy. */
  async createExam(examId: string, policy: object): Promise<void> {
    const paths = [
      ['', { exam_id: examId, title: examId, policy }],
      [`/${examId}/open`, {}],
      [`/${examId}/start`, {}],
    ] as const;
    for (const [path, body] of paths) {
      const answer = await fetch(`${this.url}/api/v1/exams${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(`${path} was answered ${answer.status}: ${await answer.text()}`);
    }
  }

  /** Starts a session, as a school's own server does. */
  async begin(memberId: string, examId = 'embedded'): Promise<{ session_id: string; token: string }> {
    const answer = await fetch(`${this.url}/api/v1/session/start`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ exam_id: examId, member_id: memberId }),
    });
    return (await answer.json()) as { session_id: string; token: string };
  }

  /** Ends the session and reads its dump. */
  async endAndDump(sessionId: string, token: string | null = null): Promise<StoredFrame[]> {
    return (await this.endAndRead(sessionId, token)).frames;
  }

  /** The same, with everything besides the frames. */
  async endAndRead(sessionId: string, token: string | null = null): Promise<FramesDump> {
    await this.request('POST', `${sessionId}/end`, token);
    return this.#dump(sessionId);
  }

  /** Frames of a session that has ended. */
  async dump(sessionId: string): Promise<StoredFrame[]> {
    return (await this.#dump(sessionId)).frames;
  }

  async #dump(sessionId: string): Promise<FramesDump> {
    return JSON.parse(await readFile(join(this.#folder, 'dumps', `${sessionId}_frames.json`), 'utf8'));
  }
}
