import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { jwtSecret } from './tokens.mjs';

const main = fileURLToPath(new URL('../../../../ingest/dist/main.js', import.meta.url));
const startLimitMs = 30_000;
const stopLimitMs = 30_000;

/** As much as may be sent at all, so that messages are read and not only counted. */
const limits = {
  MAX_MESSAGES_PER_SECOND: '10000',
  MAX_MESSAGE_BURST: '100000',
  MAX_BYTES_PER_SECOND: '1000000000',
  DRAIN_SECONDS: '0',
};

/** Asks Node's own debugger. */
const inspect = (url) => {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  let lastId = 0;
  const opened = new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return {
    async call(method, params = {}) {
      await opened;
      const id = ++lastId;
      const answered = new Promise((resolve, reject) => {
        const take = (data) => {
          const message = JSON.parse(String(data));
          if (message.id !== id) return;
          socket.off('message', take);
          resolve(message.result);
        };
        socket.on('message', take).once('close', () => reject(new Error('the server is gone')));
      });
      socket.send(JSON.stringify({ id, method, params }));
      return answered;
    },
    close: () => socket.terminate(),
  };
};

/** The server as a process of its own, with a debugger that tells how much memory is really in use. */
export const startServer = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'invigil-fuzz-'));
  const child = spawn(process.execPath, ['--inspect=127.0.0.1:0', main], {
    cwd: folder,
    env: {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: '0',
      AUTH: 'jwt',
      JWT_SECRET: jwtSecret,
      LOG_LEVEL: 'info',
      ...limits,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  const failures = [];
  const said = [];
  let debuggerUrl = null;
  const port = await new Promise((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error(`the server did not start: ${said.join('\n')}`)), startLimitMs);
    const read = (line) => {
      said.push(line);
      if (said.length > 40) said.shift();
      debuggerUrl ??= /Debugger listening on (ws:\S+)/.exec(line)?.[1] ?? null;
      if (!line.startsWith('{')) return;
      const entry = JSON.parse(line);
      if (entry.level >= 50) failures.push(entry);
      if (entry.event !== 'server.listening') return;
      clearTimeout(limit);
      resolve(entry.port);
    };
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', read);
    void exited.then(({ code }) => reject(new Error(`the server stopped (${code}): ${said.join('\n')}`)));
  });
  const inspector = inspect(debuggerUrl);
  return {
    origin: `http://127.0.0.1:${port}`,
    /** What it logged as an error. */
    failures,
    exited,
    lastLines: () => said.join('\n'),
    hasExited: () => child.exitCode !== null || child.signalCode !== null,
    /** In use after a collection of garbage; all of the process. */
    async memory() {
      await inspector.call('HeapProfiler.collectGarbage');
      const { result } = await inspector.call('Runtime.evaluate', {
        expression: 'JSON.stringify(process.memoryUsage())',
      });
      const { heapUsed, rss, external } = JSON.parse(result.value);
      return { heap_used_bytes: heapUsed, external_bytes: external, rss_bytes: rss };
    },
    async stop() {
      inspector.close();
      child.kill('SIGTERM');
      const limit = setTimeout(() => child.kill('SIGKILL'), stopLimitMs);
      const { code } = await exited;
      clearTimeout(limit);
      await rm(folder, { recursive: true, force: true });
      return code;
    },
  };
};
