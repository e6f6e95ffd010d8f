import { join } from 'node:path';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';
import { LtiPlatformHost } from '../../test/lti-platform-host.ts';
import { LtiRecords } from '../records/lti-records.ts';
import { RecordsDatabase } from '../records/records-database.ts';
import { claim } from './claim-names.ts';
import { Launches } from './launches.ts';
import type { BrowserProof, LoginRequest } from './launches.ts';
import { PlatformKeys } from './platform-keys.ts';

const launchUrl = 'https://invigil.example.edu/lti/launch';
const startMs = Date.UTC(2026, 0, 5, 9);
const minuteMs = 60_000;

let database: RecordsDatabase;
let records: LtiRecords;
let host: LtiPlatformHost;
let privateKey: CryptoKey;
let keySet: object;
beforeAll(async () => {
  database = new RecordsDatabase({ kind: 'sqlite', file: join(await makeFolder(), 'records.db') });
  records = new LtiRecords(database);
  const pair = await generateKeyPair('RS256');
  ({ privateKey } = pair);
  keySet = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'key-1', alg: 'RS256' }] };
  host = await new LtiPlatformHost().start();
});
afterAll(async () => {
  host.stop();
  await database.close();
  await removeFolders();
});

describe('a launch', () => {
  let nowMs: number;
  let launches: Launches;
  let failures: unknown[];
  beforeEach(async () => {
    nowMs = startMs;
    failures = [];
    host.answer = () => ({ body: keySet });
    await records.register(host.platform, ['deployment-1'], new Date(startMs).toISOString());
    const keys = new PlatformKeys((error) => failures.push(error));
    launches = new Launches({ records, keys, launchUrl, now: () => nowMs });
  });

  const begin = async (changes: Partial<LoginRequest> = {}) => {
    const request = {
      issuer: host.origin,
      clientId: null,
      loginHint: 'ada',
      messageHint: null,
      targetLinkUri: launchUrl,
      usesPlatformStorage: false,
      ...changes,
    };
    const begun = await launches.begin(request);
    return { ...begun, nonce: new URL(begun.url).searchParams.get('nonce') ?? '' };
  };
  const tokenOf = (nonce: string, claims: Record<string, unknown> = {}) =>
    new SignJWT({
      iss: host.origin,
      aud: 'client-1',
      sub: 'ada',
      nonce,
      iat: nowMs / 1000,
      exp: nowMs / 1000 + 60,
      [claim('version')]: '1.3.0',
      [claim('message_type')]: 'LtiResourceLinkRequest',
      [claim('deployment_id')]: 'deployment-1',
      [claim('target_link_uri')]: launchUrl,
      [claim('resource_link')]: { id: 'link-1' },
      ...claims,
    })
      .setProtectedHeader({ alg: 'RS256', kid: 'key-1' })
      .sign(privateKey);
  const finish = async (state: string, token: unknown, browser: BrowserProof = { kind: 'cookie', state }) =>
    (await launches.finish(state, browser, token)).launch;
  const refused = (reason: string) => expect.objectContaining({ reason });

  test('with another browser’s cookie does not use up the state of the one that began', async () => {
    const { state, nonce } = await begin();
    const token = await tokenOf(nonce);
    await expect(finish(state, token, { kind: 'cookie', state: 'other' })).rejects.toThrow(refused('browser'));
    expect(await finish(state, token)).toMatchObject({ subject: 'ada' });
  });

  test('with a bad token uses up the state', async () => {
    const { state, nonce } = await begin();
    await expect(finish(state, 'a.b.c')).rejects.toThrow(refused('token'));
    await expect(finish(state, await tokenOf(nonce))).rejects.toThrow(refused('state'));
  });

  test('comes within ten minutes of its login', async () => {
    const [inTime, late] = [await begin(), await begin()];
    nowMs = startMs + 10 * minuteMs - 1000;
    expect(await finish(inTime.state, await tokenOf(inTime.nonce))).toMatchObject({ subject: 'ada' });
    nowMs += 1000;
    await expect(finish(late.state, await tokenOf(late.nonce))).rejects.toThrow(refused('state'));
  });

  test('cannot prove its browser by the platform’s storage if the login set a cookie', async () => {
    const { state, nonce, proof } = await begin();
    expect([proof, await launches.storageOrigin(state)]).toEqual([null, null]);
    const browser = { kind: 'storage', proof: '' } as const;
    await expect(finish(state, await tokenOf(nonce), browser)).rejects.toThrow(refused('browser'));
  });

  test('asks the platform’s storage for its proof only until its state ends', async () => {
    const { state } = await begin({ usesPlatformStorage: true });
    expect(await launches.storageOrigin(state)).toBe(host.origin);
    expect(await launches.storageOrigin([state])).toBeNull();
    nowMs += 10 * minuteMs;
    expect(await launches.storageOrigin(state)).toBeNull();
  });

  test.each([
    ['expired', 'ten seconds after its end', () => ({ exp: nowMs / 1000 - 10 })],
    ['issued_at', 'older than five minutes and the tolerance', () => ({ iat: nowMs / 1000 - 311 })],
    ['issued_at', 'from more than ten seconds ahead', () => ({ iat: nowMs / 1000 + 11 })],
  ])('is refused, %s: a token %s', async (reason, _what, claims) => {
    const { state, nonce } = await begin();
    await expect(finish(state, await tokenOf(nonce, claims()))).rejects.toThrow(refused(reason));
  });

  test.each([
    ['that ended nine seconds ago', () => ({ exp: nowMs / 1000 - 9 })],
    ['from ten seconds ahead', () => ({ iat: nowMs / 1000 + 10 })],
    ['of five minutes ago', () => ({ iat: nowMs / 1000 - 300 })],
    ['for the only party, which it also names', () => ({ aud: ['client-1'], azp: 'client-1' })],
    ['for several parties, issued to this one', () => ({ aud: ['client-1', 'client-2'], azp: 'client-1' })],
  ])('may have a token %s', async (_what, claims) => {
    const { state, nonce } = await begin();
    expect(await finish(state, await tokenOf(nonce, claims()))).toMatchObject({ subject: 'ada' });
  });

  test.each([
    ['fails', { status: 500 }],
    ['answers with something else', { body: '<html>' }],
  ])('is neither accepted nor refused while the platform’s key set %s', async (_how, answer) => {
    host.answer = () => answer;
    const { state, nonce } = await begin();
    const launched = finish(state, await tokenOf(nonce));
    await expect(launched).rejects.toMatchObject({ reason: 'keys_unavailable' });
    expect(failures).toHaveLength(1);
  });

  test('of an issuer with two clients has to say which one', async () => {
    const other = { ...host.platform, platformId: 'second', clientId: 'client-2', issuer: 'https://two.example.edu' };
    await records.register(other, [], new Date(nowMs).toISOString());
    await records.register({ ...other, platformId: 'third', clientId: 'client-3' }, [], new Date(nowMs).toISOString());
    await expect(begin({ issuer: other.issuer })).rejects.toThrow(refused('platform'));
    const { url } = await begin({ issuer: other.issuer, clientId: 'client-3' });
    expect(new URL(url).searchParams.get('client_id')).toBe('client-3');
  });
});
