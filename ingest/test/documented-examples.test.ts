import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { runInNewContext } from 'node:vm';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';

/** The examples of the session channel's documentation, character by character except for the port. */
const curlExamples = {
  analyze: `curl -X POST "http://localhost:8000/api/v1/session/demo_session/analyze" -H "Accept: application/json"`,
  end: `curl -X POST "http://localhost:8000/api/v1/session/demo_session/end" -i`,
  livekit: `curl -G "http://localhost:8000/api/v1/webrtc/livekit/token" \\
  --data-urlencode "exam_id=exam123" \\
  --data-urlencode "member_id=user123" \\
  --data-urlencode "name=Candidate+One"`,
};

const browserExample = `
// WebSocket connect and send feature message
const ws = new WebSocket("ws://localhost:8000/api/v1/session/ws/demo_session");
ws.onopen = () => {
  const payload = {
    frame_data: {
      session_id: "demo_session",
      face_present: 1,
      no_of_face: 1,
      face_x: 260,
      face_y: 312,
      phone_present: 0
    }
  };
  ws.send(JSON.stringify(payload));
};

ws.onmessage = (evt) => {
  const msg = JSON.parse(evt.data);
  console.log("WS message:", msg);
  if (msg.type === "session_ended") {
    console.log("Session ended by server");
    ws.close();
  }
};

// On-demand analysis (fetch)
fetch(\`/api/v1/session/demo_session/analyze\`, { method: 'POST' })
  .then(res => res.json())
  .then(report => console.log('Analysis report', report))
  .catch(console.error);

// End session
fetch(\`/api/v1/session/demo_session/end\`, { method: 'POST' })
  .then(res => { if (res.status === 204) console.log('Ended'); })
  .catch(console.error);
`;

const run = promisify(execFile);
let server: TestServer;

beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.close());
afterAll(removeFolders);

/** Runs an example against the test's port. */
const shell = async (example: string): Promise<string> => {
  const { stdout } = await run('sh', ['-c', example.replaceAll('localhost:8000', `localhost:${server.port}`)]);
  return stdout;
};

test('curl: analyse on demand, including a session that nobody has used yet', async () => {
  const report = JSON.parse(await shell(curlExamples.analyze));
  expect(report).toMatchObject({
    session: { session_id: 'demo_session', status: 'running' },
    observations: [],
    integrity: { frames: 0 },
  });
});

test('curl: end a session', async () => {
  expect(await shell(curlExamples.end)).toMatch(/^HTTP\/1\.1 204 No Content\r\n/);
  expect(JSON.parse(await shell(curlExamples.analyze))).toMatchObject({ session: { status: 'ended' } });
});

test('curl: a LiveKit token, and the error if LiveKit is not configured', async () => {
  expect(JSON.parse(await shell(curlExamples.livekit))).toMatchObject({
    status: 503,
    code: 'NOT_CONFIGURED',
    detail: expect.stringContaining('LIVEKIT_API_KEY'),
  });
  await server.close();
  server = await startServer({
    LIVEKIT_URL: 'wss://livekit.example.org',
    LIVEKIT_API_KEY: 'key',
    LIVEKIT_API_SECRET: 'a-secret-of-some-length-for-tests',
  });
  const { token, url } = JSON.parse(await shell(curlExamples.livekit));
  expect(url).toBe('wss://livekit.example.org');
  const [, payload = ''] = token.split('.');
  expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({
    iss: 'key',
    sub: 'user123',
    name: 'Candidate+One',
    video: { room: 'exam123', roomJoin: true },
  });
});

test('JavaScript in a page of this server: frame, analysis, end', async () => {
  const logged: unknown[][] = [];
  const failed: unknown[] = [];
  const closed = new Promise<void>((resolve) => {
    runInNewContext(browserExample.replaceAll('localhost:8000', `localhost:${server.port}`), {
      WebSocket: class extends WebSocket {
        constructor(address: string) {
          super(address, { headers: { origin: `http://localhost:${server.port}` } });
          this.once('close', () => resolve());
        }
      },
      fetch: (path: string, options: RequestInit) => fetch(server.origin + path, options),
      console: { log: (...words: unknown[]) => logged.push(words), error: (error: unknown) => failed.push(error) },
    });
  });
  await closed;
  await expect
    .poll(() => logged.map(([first]) => String(first)).toSorted())
    .toEqual(['Analysis report', 'Ended', 'Session ended by server', 'WS message:']);
  expect(failed).toEqual([]);
  expect(logged).toContainEqual(['WS message:', expect.objectContaining({ type: 'session_ended' })]);
});
