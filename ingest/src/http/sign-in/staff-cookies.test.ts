import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterEach, describe, expect, test } from 'vitest';
import type { StaffSession } from '../../model/staff-session.ts';
import { demandSignIn } from './demand-sign-in.ts';
import { StaffCookies } from './staff-cookies.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

const serve = async (set: (app: express.Express) => void): Promise<string> => {
  const app = express();
  set(app);
  const server = app.listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

describe('the cookies of staff', () => {
  const https = new StaffCookies(true);
  /** What the server sets, and what it reads of a request with this cookie header. */
  const setBy = async (write: (response: express.Response) => void): Promise<string[]> => {
    const origin = await serve((app) => app.get('/', (_request, response) => (write(response), response.end())));
    return (await fetch(origin)).headers.getSetCookie();
  };
  const readFrom = async (cookie: string, read: (request: express.Request) => string | null) => {
    const origin = await serve((app) => app.get('/', (request, response) => response.json(read(request))));
    return (await (await fetch(origin, { headers: { Cookie: cookie } })).json()) as string | null;
  };

  test('with HTTPS belong to this host alone and are never sent without encryption', async () => {
    const lines = await setBy((response) => {
      https.setSession(response, 'value', 0);
      https.setPending(response, 'state-1', 'sealed', 600);
      https.setLaunch(response, 'state-1');
    });
    const secret = lines.filter((line) => !line.startsWith('invigil-sign-in-here='));
    expect(secret).toHaveLength(3);
    for (const line of secret) expect(line).toMatch(/^__Host-.*; Path=\/;.*HttpOnly; Secure/);
  });

  test('of a launch survive the platform’s post from another site, and those of a session do not', async () => {
    const lines = await setBy((response) => {
      https.setSession(response, 'value', 0);
      https.setLaunch(response, 'state-1');
    });
    const sites = lines.map((line) => `${line.split('=')[0]} ${/SameSite=(\w+)/.exec(line)?.[1]}`);
    expect(sites).toEqual([
      '__Host-invigil-session Lax',
      'invigil-sign-in-here Lax',
      '__Host-invigil-launch-state-1 None',
    ]);
  });

  test('tell scripts only that there is a sign-in', async () => {
    const lines = await setBy((response) => https.setSession(response, 'secret-value', 0));
    const readable = lines.filter((line) => !line.includes('HttpOnly'));
    expect(readable.map((line) => line.split(';')[0])).toEqual(['invigil-sign-in-here=1']);
  });

  test('have names that a state cannot break out of', async () => {
    const [line = ''] = await setBy((response) => https.setPending(response, 'a;b=c\r\nX', 'sealed', 600));
    expect(line).toMatch(/^__Host-invigil-sign-in-abcX=sealed; /);
  });

  test.each([
    ['the only one', 'invigil-session=a', 'a'],
    ['among others, with spaces', 'x=1;  invigil-session = a ; y=2', 'a'],
    ['with an equals sign in its value', 'invigil-session=a=b', 'a=b'],
    ['the first of two', 'invigil-session=a; invigil-session=b', 'a'],
    ['empty', 'invigil-session=', ''],
    ['absent', 'x=1', null],
    ['without a value', 'invigil-session', null],
    ['another one that begins like it', 'invigil-session-x=a', null],
    ['in capitals', 'INVIGIL-SESSION=a', null],
    ['that of a server with HTTPS', '__Host-invigil-session=a', null],
  ])('are read: %s', async (_what, cookie, value) => {
    expect(await readFrom(cookie, (request) => new StaffCookies(false).session(request))).toBe(value);
  });

  test('without the prefix do not count with HTTPS, because another host could have set them', async () => {
    expect(await readFrom('invigil-session=a', (request) => https.session(request))).toBeNull();
  });

  test('of several tabs that sign in do not replace each other', async () => {
    const cookie = '__Host-invigil-sign-in-first123=1; __Host-invigil-sign-in-second12=2';
    expect(await readFrom(cookie, (request) => https.pending(request, 'second12-and-more'))).toBe('2');
    expect(await readFrom(cookie, (request) => https.pending(request, 'third'))).toBeNull();
  });
});

describe('a page', () => {
  const session = {} as StaffSession;
  const open = async (path: string, find: () => Promise<StaffSession | null>, init: RequestInit = {}) => {
    const origin = await serve((app) => {
      app.use(demandSignIn({ find }, new StaffCookies(false)));
      app.use((_request, response) => void response.send('page'));
    });
    const answer = await fetch(origin + path, { redirect: 'manual', ...init });
    return answer.headers.get('location') ?? (await answer.text());
  };
  const signedIn = { headers: { Cookie: 'invigil-session=a' } };
  const nobody = () => Promise.resolve(null);

  test.each(['/proctor', '/review/', '/setup?x=%2F%2Fevil', '/report/?as=staff&session=s'])(
    'for staff leads to the sign-in without a session: %s',
    async (path) => {
      expect(await open(path, nobody)).toBe(`/auth/sign-in?return_to=${encodeURIComponent(path)}#`);
    },
  );

  test.each(['/', '/report/?session=s', '/report/?as=staff&as=staff', '/proctor/app.js', '/api/proctor'])(
    'that is not only for staff opens: %s',
    async (path) => expect(await open(path, nobody)).toBe('page'),
  );

  test('opens with a session, and not with one that has ended', async () => {
    expect(await open('/proctor/', () => Promise.resolve(session), signedIn)).toBe('page');
    expect(await open('/proctor/', nobody, signedIn)).toMatch(/^\/auth\/sign-in/);
  });

  test('opens while the records are unavailable, so that it can show the error', async () => {
    expect(await open('/proctor/', () => Promise.reject(new Error('down')), signedIn)).toBe('page');
  });

  test('is not the answer to another method', async () => {
    expect(await open('/proctor/', nobody, { method: 'POST' })).toBe('page');
  });
});
