import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CookieJar } from '@invigil/testkit/network/cookie-jar';
import { removeFolders } from '@invigil/testkit/server/ingest-server';
import { LtiPlatform, ltiClaim } from '@invigil/testkit/services/lti/lti-platform';
import type { LaunchChanges } from '@invigil/testkit/services/lti/lti-platform';
import { startPostgres } from '@invigil/testkit/services/postgres-service';
import type { PostgresService } from '@invigil/testkit/services/postgres-service';
import { examIn, staffOf, startLtiServer } from '../lti-server.ts';
import type { LtiServer } from '../lti-server.ts';

/** What a platform's users can choose, such as names, reaches this server in signed claims: signed does not mean harmless. */
let postgres: PostgresService;
let lti: LtiServer;
let platform: LtiPlatform;
beforeAll(async () => {
  postgres = await startPostgres();
  lti = await startLtiServer(Date.now, { DATABASE_URL: postgres.url });
  platform = await new LtiPlatform().start();
  await lti.register(platform, platform.deploymentId, 'deployment-2');
});
afterAll(async () => {
  platform.stop();
  await lti.server.close();
  await postgres.remove();
  await removeFolders();
});

const teacher = { user: 'hill', role: 'Instructor' };
const claims = (name: string, value: unknown): LaunchChanges => ({ claims: (all) => (all[name] = value) });
const launch = (changes: LaunchChanges, who = teacher, browser = new CookieJar()) =>
  platform.launch(browser, lti.server.origin, who, changes);

describe('a launch with a null character, which Postgres cannot store,', () => {
  test.each([
    ['user', claims('sub', 'hi\0ll')],
    ['deployment', claims(ltiClaim('deployment_id'), 'deployment-1\0')],
    ['resource_link', claims(ltiClaim('resource_link'), { id: 'link\0' })],
  ])('in an id is refused: %s', async (reason, changes) => {
    const answer = await launch(changes);
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain(` ${reason}: `);
  });

  test.each([
    ['name', claims('name', 'Grace\0 Hill')],
    ['title', claims(ltiClaim('resource_link'), { id: 'link-title', title: 'Final\0 exam' })],
    ['context', claims(ltiClaim('context'), { id: 'course\0' })],
    ['item', claims(ltiClaim('custom'), { invigil_item: 'item\0' })],
  ])('elsewhere is accepted without it: %s', async (_name, changes) => {
    const answer = await launch(changes);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, expect.stringContaining('exam=')]);
  });
});

test('ids of the greatest length work, longer ones are refused', async () => {
  expect((await launch(claims('sub', 'é'.repeat(255)))).status).toBe(303);
  expect((await launch(claims('sub', 'é'.repeat(256)))).status).toBe(403);
  expect((await launch(claims('name', 'n'.repeat(5000)))).status).toBe(303);
});

test('a form that is too large is refused before it is read as a launch', async () => {
  const answer = await launch({ form: (form) => form.set('padding', 'x'.repeat(3_000_000)) }).catch(() => null);
  expect([null, 413, 403, 400]).toContain(answer?.status ?? null);
  expect((await launch({})).status).toBe(303);
});

test('a token of one deployment does not open the exams of another, nor does it work a second time there', async () => {
  const link = { ...teacher, link: 'shared-id' };
  const [one, other] = [new CookieJar(), new CookieJar()];
  const first = examIn((await launch({}, link, one)).headers.get('location'));
  const second = examIn(
    (await launch(claims(ltiClaim('deployment_id'), 'deployment-2'), { ...link, user: 'eve' }, other)).headers.get(
      'location',
    ),
  );
  expect(second).not.toBe(first);
  const eve = await staffOf(other, lti.server);
  expect((await lti.server.ask('GET', `/api/v1/exams/${second}`, undefined, eve)).status).toBe(200);
  expect((await lti.server.ask('GET', `/api/v1/exams/${first}`, undefined, eve)).status).toBe(403);
});
