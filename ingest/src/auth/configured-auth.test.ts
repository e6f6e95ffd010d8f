import { join } from 'node:path';
import { SignJWT } from 'jose';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';
import type { AuthConfig } from '../config.ts';
import { RecordsDatabase } from '../records/records-database.ts';
import { OutageLog } from '../telemetry/outage-log.ts';
import { accessTable } from './access-table.ts';
import { authorisationPage } from './authorisation-page.ts';
import { authenticatorOf, sessionSecret } from './configured-auth.ts';
import { PersonalLinks } from './personal-links.ts';
import { SessionTokens } from './session-tokens.ts';

const userSecret = 'a secret of more than thirty-two characters';
const nowMs = Date.UTC(2026, 0, 5, 9);
let file: string;
const databases: RecordsDatabase[] = [];
/** The records as another process opens them. */
const open = (): RecordsDatabase => {
  const database = new RecordsDatabase({ kind: 'sqlite', file });
  databases.push(database);
  return database;
};
beforeAll(async () => {
  file = join(await makeFolder(), 'records.db');
});
afterAll(async () => {
  for (const database of databases) await database.close();
  await removeFolders();
});

const jwt = (own: string | null): AuthConfig => ({
  mode: 'jwt',
  userKeys: { kind: 'secret', secret: userSecret },
  sessionSecret: own,
  audience: null,
});
const authenticatorFor = (auth: AuthConfig) => {
  const secret = sessionSecret(auth, open());
  const tokens = new SessionTokens(secret, 60, { isOpen: async () => true });
  const links = new PersonalLinks(secret, { find: async () => null, used: async () => undefined });
  const outages = new OutageLog(pino({ level: 'silent' }), () => nowMs);
  return { tokens, authenticator: authenticatorOf(auth, tokens, links, outages, () => nowMs) };
};

describe('the secret of session tokens', () => {
  test('is the configured one', async () => {
    expect(await sessionSecret(jwt(userSecret), open())()).toEqual(new TextEncoder().encode(userSecret));
  });

  test('is shared by all replicas through the records if none is configured', async () => {
    const [one, other] = [await sessionSecret(jwt(null), open())(), await sessionSecret(jwt(null), open())()];
    expect(one).toHaveLength(32);
    expect(one).toEqual(other);
  });

  test('differs between processes without tokens, where it is not checked', async () => {
    const [one, other] = [
      await sessionSecret({ mode: 'dev' }, open())(),
      await sessionSecret({ mode: 'dev' }, open())(),
    ];
    expect(one).toHaveLength(32);
    expect(one).not.toEqual(other);
  });
});

describe('the configured authenticator', () => {
  const session = {
    sessionId: 's1',
    examId: 'physics',
    memberId: 'ada',
    status: 'running',
    startedAt: '',
    endedAt: null,
  } as const;

  test('admits everyone with AUTH=dev, and nobody without a token otherwise', async () => {
    expect(await authenticatorFor({ mode: 'dev' }).authenticator.principalOf(null)).toMatchObject({ role: 'ADMIN' });
    expect(await authenticatorFor(jwt(null)).authenticator.principalOf(null)).toBeNull();
  });

  test('takes users’ tokens of the secret, and a session’s token that another replica issued', async () => {
    const { authenticator } = authenticatorFor(jwt(null));
    const user = await new SignJWT({ user_id: 'tina', role: 'TEACHER', exp: nowMs / 1000 + 60 })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(userSecret));
    expect(await authenticator.principalOf(user)).toMatchObject({ userId: 'tina' });
    const { token } = await authenticatorFor(jwt(null)).tokens.issue(session, nowMs, { mayAnswer: true });
    expect(await authenticator.principalOf(token)).toMatchObject({ userId: 'ada', sessionId: 's1' });
  });

  test('takes no user’s token for a session’s although both have the same secret', async () => {
    const { authenticator } = authenticatorFor(jwt(userSecret));
    const claims = { sub: 'ada', role: 'STUDENT', session_id: 's1', exam_id: 'physics', exp: nowMs / 1000 + 60 };
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(userSecret));
    expect(await authenticator.principalOf(token)).toMatchObject({ userId: 'ada', sessionId: null });
  });
});

test('the page about access has a row for every action, with all its endpoints', () => {
  const page = authorisationPage();
  for (const [action, { endpoints }] of Object.entries(accessTable)) {
    const row = page.split('\n').find((line) => line.includes(`(\`${action}\`)`));
    expect(row).toBeDefined();
    for (const endpoint of endpoints) expect(row).toContain(`\`${endpoint}\``);
    expect(row?.split(' | ')).toHaveLength(8);
  }
});
