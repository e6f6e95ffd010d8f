import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import express from 'express';
import { pino } from 'pino';
import { afterAll, expect, onTestFinished, test, vi } from 'vitest';
import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';
import { localBus } from '../../../test/local-bus.ts';
import { recordsUnavailable } from '../../model/ingest-error.ts';
import { RecordsDatabase } from '../../records/records-database.ts';
import { StaffSessionRecords } from '../../records/staff-session-records.ts';
import type { Provider } from '../../sign-in/provider.ts';
import { StaffSessions } from '../../sign-in/staff-sessions.ts';
import { answerProblems } from '../middleware/answer-problems.ts';
import { signInRouter } from './sign-in-router.ts';
import { StaffCookies } from './staff-cookies.ts';

afterAll(removeFolders);

const log = pino({ level: 'silent' });
const limits = {
  answerRefused: (_request: unknown, answer: () => void) => answer(),
  countForm: () => undefined,
};

test('a logout that fails because the records are unavailable may be sent again, and one that succeeded may not', async () => {
  const database = new RecordsDatabase({ kind: 'sqlite', file: join(await makeFolder(), 'records.db') });
  const bus = localBus();
  const records = new StaffSessionRecords(database);
  const secret = async () => new Uint8Array(32).fill(7);
  const sessions = new StaffSessions({ records, bus, secret, lifetimeSeconds: 3600, log, now: Date.now });
  const user = { issuer: 'https://id.example.edu', subject: 'hill', providerSession: null, idToken: '' };
  const { cookie } = await sessions.begin(user, { userId: 'hill', role: 'TEACHER' });
  const provider = {
    readLogoutToken: async (tokenId: string) => ({ tokenId, issuer: user.issuer, subject: user.subject }),
  } as unknown as Provider;
  const origin = 'https://exam.example.edu';
  const cookies = new StaffCookies(true);
  const mapping = { teacherRoles: [], adminRoles: [] } as never;
  const app = express();
  app.use(
    signInRouter({ provider, sessions, cookies, mapping, secret, origin, limits, log, now: Date.now }),
    answerProblems(log, limits),
  );
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await bus.close();
    await database.close();
  });
  const { port } = server.address() as AddressInfo;
  const logOut = async (): Promise<number> => {
    const body = new URLSearchParams({ logout_token: 'token-1' });
    return (await fetch(`http://127.0.0.1:${port}/back-channel-logout`, { method: 'POST', body })).status;
  };

  vi.spyOn(records, 'endAll').mockRejectedValueOnce(recordsUnavailable('interrupted'));
  expect(await logOut()).toBe(503);
  expect(await sessions.find(cookie)).not.toBeNull();
  expect(await logOut()).toBe(200);
  expect(await sessions.find(cookie)).toBeNull();
  expect(await logOut()).toBe(400);
});
