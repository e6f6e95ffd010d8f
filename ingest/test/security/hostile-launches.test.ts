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

  test('in a title or a name is accepted, and stored without it', async () => {
    const titled = { id: 'link-title', title: 'Final\0 exam' };
    const browser = new CookieJar();
    const opened = await launch(claims(ltiClaim('resource_link'), titled), teacher, browser);
    const path = `/api/v1/exams/${examIn(opened.headers.get('location'))}`;
    const student = { user: 'grace', role: 'Learner', link: titled.id };
    expect((await launch(claims('name', 'Grace\0 Hopper'), student)).status).toBe(303);
    const { json } = await lti.server.ask('GET', path, undefined, await staffOf(browser, lti.server));
    expect(json).toMatchObject({ title: 'Final exam', students: [{ student_name: 'Grace Hopper' }] });
  });

  test.each([
    ['context', claims(ltiClaim('context'), { id: 'course\0' })],
    ['item', claims(ltiClaim('custom'), { invigil_item: 'item\0' })],
  ])('in an optional id is accepted as if the id were missing: %s', async (_name, changes) => {
    const [answer, without] = [await launch(changes), await launch({})];
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe(without.headers.get('location'));
  });
});

test('ids of the greatest length work, longer ones are refused', async () => {
  expect((await launch(claims('sub', 'é'.repeat(255)))).status).toBe(303);
  expect((await launch(claims('sub', 'é'.repeat(256)))).status).toBe(403);
  expect((await launch(claims('name', 'n'.repeat(5000)))).status).toBe(303);
});

test('a form that is too large is refused before it is read as a launch', async () => {
  // Above the limit of a form, then above that of an address, whose connection may be cut before the answer arrives.
  const padded = (length: number): Promise<number | 'cut'> =>
    launch({ form: (form) => form.set('padding', 'x'.repeat(length)) }).then(
      ({ status }) => status,
      () => 'cut',
    );
  expect(await padded(100_000)).toBe(413);
  expect([413, 'cut']).toContain(await padded(3_000_000));
  expect((await launch({})).status).toBe(303);
});

test('a token that opened an exam does not work in a second launch', async () => {
  let used = '';
  const first = await launch({ form: (form) => void (used = form.get('id_token')!) });
  const again = await launch({ form: (form) => form.set('id_token', used) });
  expect([first.status, again.status, again.headers.get('location')]).toEqual([303, 403, null]);
  expect(await again.text()).toContain(' nonce: ');
});

test('a token of one deployment does not open the exams of another', async () => {
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
