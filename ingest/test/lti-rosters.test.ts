import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CookieJar } from '@invigil/testkit/network/cookie-jar';
import { removeFolders } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { LtiPlatform } from '@invigil/testkit/services/lti/lti-platform';
import { ltiCommand } from '../src/commands/lti-command.ts';
import { loadConfig } from '../src/config.ts';
import { withRecords } from '../src/commands/open-database.ts';
import { ErasureRecords } from '../src/records/erasure-records.ts';
import { LtiRosterRecords } from '../src/records/lti-roster-records.ts';
import { studentTables } from '../src/records/student-tables.ts';
import { runCommandIn } from './commands/run.ts';
import { examIn, linkIn, staffOf, startLtiServer } from './lti-server.ts';
import type { LtiServer } from './lti-server.ts';
import { waitFor } from '@invigil/testkit/timers/waits';

let started: LtiServer;
let server: TestServer;
let platform: LtiPlatform;
let browser: CookieJar;
let link = '';
let tests = 0;
const within = { timeout: 20_000 };

beforeAll(async () => {
  started = await startLtiServer(Date.now);
  ({ server } = started);
  platform = await new LtiPlatform().start();
  await started.register(platform, platform.deploymentId);
});
afterAll(async () => {
  platform.stop();
  await server.close();
  await removeFolders();
});
beforeEach(() => {
  browser = new CookieJar();
  platform.service.faults.status.clear();
  platform.service.faults.body.clear();
  link = `roster-${(tests += 1)}`;
});

/** A teacher's launch, after which the server reads the course in the background. @returns the exam */
const openCourse = async (message: Record<string, unknown> = {}, of = link) => {
  const opened = await platform.launch(browser, server.origin, { user: 'hill', role: 'Instructor', link: of, message });
  return examIn(opened.headers.get('location'));
};
/** Courses are read in turn, so those before have been read when this one's member has arrived. */
const allRead = async () => {
  platform.service.faults.status.clear();
  platform.service.faults.body.clear();
  platform.service.members = [{ user: 'last', roles: ['Learner'] }];
  await eventually(await openCourse({}, `${link}-after`), ['Name of last']);
};
const peopleOf = async (examId: string) => {
  const { json } = await server.ask('GET', `/api/v1/exams/${examId}`, undefined, await staffOf(browser, server));
  return json.students.map((each: { student_name: string }) => each.student_name).toSorted();
};
const eventually = (examId: string, names: string[]) =>
  waitFor(async () => expect(await peopleOf(examId)).toEqual(names), within);

/** Leaves of a student what an erasure leaves. */
const erase = (studentId: string) =>
  withRecords(loadConfig(started.environment), async (database) => {
    const erasures = new ErasureRecords(database);
    const userHash = await erasures.hashOf(studentId);
    await database.run((db) =>
      db.transaction().execute(async (transaction) => {
        for (const { table, column, holds } of studentTables) {
          if (holds === 'member') await transaction.deleteFrom(table).where(sql.ref(column), '=', studentId).execute();
        }
        await erasures.note(transaction, userHash, new Date().toISOString());
      }),
    );
  });

describe('the members of a course', () => {
  test('of all pages become students and teachers of the exam; inactive ones and other roles do not', async () => {
    platform.service.members = [
      { user: 'hill', roles: ['Instructor'] },
      { user: 'ada', roles: ['Learner'] },
      { user: 'grace', roles: ['Learner', 'Instructor'] },
      { user: 'alan', roles: ['Learner'], status: 'Inactive' },
      { user: 'mentor', roles: ['Mentor'] },
      { user: 'emmy', roles: ['Learner'] },
      { user: 'kurt', roles: ['Learner'], status: 'Deleted' },
    ];
    const examId = await openCourse();
    await eventually(examId, ['Name of ada', 'Name of emmy']);
    const other = new CookieJar();
    await platform.launch(other, server.origin, { user: 'grace', role: 'Instructor', link: 'elsewhere' });
    const answer = await server.ask('GET', `/api/v1/exams/${examId}`, undefined, await staffOf(other, server));
    expect(answer.status).toBe(200);
  });

  test('whom a teacher removed, or an administrator erased, return only by their own launch', async () => {
    // Not those of other tests: an erased student stays erased.
    platform.service.members = ['carl', 'dora', 'eric'].map((user) => ({ user, roles: ['Learner'] }));
    const examId = await openCourse();
    await eventually(examId, ['Name of carl', 'Name of dora', 'Name of eric']);
    const staff = await staffOf(browser, server);
    const { json } = await server.ask('GET', `/api/v1/exams/${examId}`, undefined, staff);
    const [removed, erased] = json.students as { student_id: string; student_name: string }[];
    const enrolment = `/api/v1/exams/${examId}/enrolments/${removed!.student_id}`;
    expect((await server.ask('DELETE', enrolment, undefined, staff)).status).toBe(204);
    await erase(erased!.student_id);
    platform.service.members.push({ user: 'felix', roles: ['Learner'] });
    await openCourse();
    const others = ['Name of carl', 'Name of dora', 'Name of eric'].filter(
      (name) => ![removed!.student_name, erased!.student_name].includes(name),
    );
    await eventually(examId, [...others, 'Name of felix']);
    const user = removed!.student_name.slice('Name of '.length);
    await platform.launch(new CookieJar(), server.origin, { user, role: 'Learner', link });
    await eventually(examId, [removed!.student_name, ...others, 'Name of felix'].toSorted());
  });

  test('leave with the course, except students who have taken part and the creator', async () => {
    platform.service.members = [
      { user: 'hill', roles: ['Instructor'] },
      { user: 'tom', roles: ['Instructor'] },
      { user: 'ada', roles: ['Learner'] },
      { user: 'emmy', roles: ['Learner'] },
      { user: 'turned', roles: ['Learner'] },
    ];
    const examId = await openCourse();
    await eventually(examId, ['Name of ada', 'Name of emmy', 'Name of turned']);
    await server.ask('POST', `/api/v1/exams/${examId}/open`, undefined, await staffOf(browser, server));
    const launched = (
      await platform.launch(new CookieJar(), server.origin, { user: 'ada', role: 'Learner', link })
    ).headers.get('location');
    const { sub } = JSON.parse(Buffer.from(linkIn(launched)['Authorization']!.split('.')[1]!, 'base64url').toString());
    await server.ask('POST', '/api/v1/session/start', { exam_id: examId, member_id: sub }, linkIn(launched));
    // Someone whom a teacher enrolled by hand is not the course's to remove.
    const byHand = { students: [{ student_id: 'by-hand', student_name: 'Guest' }] };
    await server.ask('POST', `/api/v1/exams/${examId}/enrolments`, byHand, await staffOf(browser, server));

    platform.service.members = [{ user: 'turned', roles: ['Instructor'] }];
    await openCourse();
    await eventually(examId, ['Guest', 'Name of ada']);
    const tom = new CookieJar();
    await platform.launch(tom, server.origin, { user: 'tom', role: 'Instructor', link: 'elsewhere' });
    const refused = await server.ask('GET', `/api/v1/exams/${examId}`, undefined, await staffOf(tom, server));
    expect(refused.status).toBe(403);
  });

  test.each([
    ['an error', () => platform.service.faults.status.set('/members', 500)],
    [
      'no permission',
      () => {
        platform.service.revokeTokens();
        platform.service.faults.status.set('/token', 400);
      },
    ],
    ['a redirect', () => platform.service.faults.status.set('/members', 302)],
    ['no JSON', () => platform.service.faults.body.set('/members', '<html>')],
    ['another JSON', () => platform.service.faults.body.set('/members', '{"members":[{"name":"x"}]}')],
    ['more than two megabytes', () => platform.service.faults.body.set('/members', `"${'x'.repeat(2_100_000)}"`)],
    ['no members', () => (platform.service.members = [])],
  ])('stay when the platform answers with %s', async (_what, break_) => {
    platform.service.members = [{ user: 'ada', roles: ['Learner'] }];
    const examId = await openCourse();
    await eventually(examId, ['Name of ada']);
    platform.service.requests.length = 0;
    break_();
    await openCourse();
    const failing = platform.service.faults.status.has('/token') ? '/token' : '/members';
    await waitFor(() => expect(platform.service.requests).toContain(failing), within);
    await allRead();
    expect(await peopleOf(examId)).toEqual(['Name of ada']);
    expect(platform.service.requests).not.toContain('/elsewhere');
  });

  test('are not read from an address that is not the platform’s', async () => {
    platform.service.members = [{ user: 'ada', roles: ['Learner'] }];
    const url = `${platform.issuer.replace('127.0.0.1', 'localhost')}/members`;
    platform.service.requests.length = 0;
    const examId = await openCourse({
      'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice': { context_memberships_url: url },
    });
    await allRead();
    expect(platform.service.requests.filter((path) => path === '/members')).toHaveLength(1);
    expect(await peopleOf(examId)).toEqual([]);
  });

  test('of one of several courses of an exam are not removed by another', async () => {
    platform.service.members = [{ user: 'ada', roles: ['Learner'] }];
    const examId = await openCourse();
    await eventually(examId, ['Name of ada']);
    await withRecords(loadConfig(started.environment), (database) => {
      const roster = {
        platformId: 'p',
        deploymentId: 'd',
        resourceLinkId: `${link}-b`,
        examId,
        membershipsUrl: 'https://x.example',
      };
      return new LtiRosterRecords(database).save(roster, '2999-01-01T00:00:00.000Z');
    });
    platform.service.members = [{ user: 'emmy', roles: ['Learner'] }];
    await openCourse();
    await eventually(examId, ['Name of ada', 'Name of emmy']);
    expect(await peopleOf(examId)).toHaveLength(2);
  });
});

describe('dynamic registration', () => {
  const invite = async (of = platform.issuer): Promise<string> =>
    (await runCommandIn(ltiCommand, started.environment, 'invite', '--platform', of)).printed;
  const open = async (url: string, configuration: string | null, token: string | null = 'registration-token') => {
    const query = new URLSearchParams();
    if (configuration !== null) query.set('openid_configuration', configuration);
    if (token !== null) query.set('registration_token', token);
    const answer = await fetch(`${url}?${query.toString()}`);
    return {
      status: answer.status,
      text: await answer.text(),
      csp: answer.headers.get('content-security-policy') ?? '',
    };
  };
  let other: LtiPlatform;
  beforeAll(async () => {
    other = await new LtiPlatform().start();
    other.service.trust(server.origin);
  });
  afterAll(() => other.stop());
  beforeEach(() => {
    other.service.faults.status.clear();
    other.service.faults.body.clear();
  });
  const configurationOf = (of: LtiPlatform): string => `${of.issuer}/.well-known/openid-configuration`;

  test('registers the invited platform, which can launch at once', async () => {
    const { status, text, csp } = await open(await invite(other.issuer), configurationOf(other));
    expect(status).toBe(200);
    expect(text).toContain('org.imsglobal.lti.close');
    expect(csp).toContain(`frame-ancestors ${other.issuer}`);
    const [registration] = other.service.registrations;
    expect(registration?.token).toBe('registration-token');
    const tool = 'https://purl.imsglobal.org/spec/lti-tool-configuration';
    expect(registration?.body).toMatchObject({
      application_type: 'web',
      response_types: ['id_token'],
      grant_types: ['implicit', 'client_credentials'],
      token_endpoint_auth_method: 'private_key_jwt',
      initiate_login_uri: `${server.origin}/lti/login`,
      redirect_uris: [`${server.origin}/lti/launch`],
      jwks_uri: `${server.origin}/.well-known/lti-keys.json`,
      scope: expect.stringContaining('contextmembership.readonly'),
      [tool]: { domain: new URL(server.origin).host, claims: ['iss', 'sub', 'name'] },
    });
    const messages = (registration!.body[tool] as { messages: { type: string }[] }).messages.map(({ type }) => type);
    expect(messages).toEqual([
      'LtiResourceLinkRequest',
      'LtiDeepLinkingRequest',
      'LtiStartProctoring',
      'LtiEndAssessment',
    ]);
    const launched = await other.launch(browser, server.origin, { user: 'hill', role: 'Instructor' });
    expect(launched.status).toBe(303);
  });

  test('refuses a link that is unknown or was used', async () => {
    const url = await invite(other.issuer);
    await open(url, configurationOf(other));
    expect((await open(url, configurationOf(other))).text).toContain(' invitation: ');
    expect((await open(`${server.origin}/lti/register/other`, configurationOf(other))).text).toContain(' invitation: ');
  });

  test.each([
    ['of another platform', () => configurationOf(platform)],
    ['on another host', () => configurationOf(other).replace('127.0.0.1', 'localhost')],
    ['that is missing', () => null],
    ['that is a file', () => 'file:///etc/passwd'],
  ])('refuses a configuration %s', async (_what, configuration) => {
    expect((await open(await invite(other.issuer), configuration())).text).toContain(' registration_origin: ');
  });

  test.each(['issuer', 'authorization_endpoint', 'token_endpoint', 'jwks_uri', 'registration_endpoint'])(
    'refuses a configuration whose %s is on another host',
    async (name) => {
      const changed = { ...other.service.configuration(), [name]: 'http://169.254.169.254/latest' };
      other.service.faults.body.set('/.well-known/openid-configuration', JSON.stringify(changed));
      const requests = other.service.requests.length;
      expect((await open(await invite(other.issuer), configurationOf(other))).text).toContain(' registration_origin: ');
      expect(other.service.requests.slice(requests)).toEqual(['/.well-known/openid-configuration']);
    },
  );

  test.each([
    ['no configuration', () => other.service.faults.status.set('/.well-known/openid-configuration', 404)],
    ['a configuration without LTI', () => other.service.faults.body.set('/.well-known/openid-configuration', '{}')],
    ['a refused registration', () => other.service.faults.status.set('/registration', 401)],
    ['a registration without client id', () => other.service.faults.body.set('/registration', '{}')],
  ])('refuses %s', async (_what, break_) => {
    break_();
    expect((await open(await invite(other.issuer), configurationOf(other))).text).toContain(' registration_answer: ');
  });

  test('says so when the platform names no deployment', async () => {
    other.service.faults.body.set('/registration', '{"client_id":"client-9"}');
    expect((await open(await invite(other.issuer), configurationOf(other))).text).toContain('invigil lti add');
  });
});

describe('the keys of the tool', () => {
  test('are public RSA keys, and new ones after they were replaced', async () => {
    const read = async () => {
      const answer = await server.ask('GET', '/.well-known/lti-keys.json');
      return answer.json.keys as Record<string, unknown>[];
    };
    const [key] = await read();
    expect(Object.keys(key!).toSorted()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
    await runCommandIn(ltiCommand, started.environment, 'replace-keys');
    const replaced = await read();
    expect(replaced).toHaveLength(1);
    expect(replaced[0]!['kid']).not.toBe(key!['kid']);
  });
});
