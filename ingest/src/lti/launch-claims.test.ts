import type { JWTPayload } from 'jose';
import { describe, expect, test } from 'vitest';
import type { LtiPlatform } from '../model/lti-platform.ts';
import { claim, deepLinkingClaim, proctoringClaim } from './claim-names.ts';
import { readLaunchClaims } from './launch-claims.ts';

const platform: LtiPlatform = {
  platformId: 'moodle',
  issuer: 'https://lms.example.edu',
  clientId: 'client-1',
  loginUrl: 'https://lms.example.edu/login',
  keysUrl: 'https://lms.example.edu/keys',
  tokenUrl: null,
  serviceOrigins: [],
};
const targetLinkUri = 'https://invigil.example.edu/lti/launch';
const memberships = 'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice';

const read = (changes: Record<string, unknown> = {}) => {
  const payload: JWTPayload = {
    sub: 'ada',
    [claim('version')]: '1.3.0',
    [claim('message_type')]: 'LtiResourceLinkRequest',
    [claim('deployment_id')]: 'deployment-1',
    [claim('target_link_uri')]: targetLinkUri,
    [claim('resource_link')]: { id: 'link-1' },
    ...changes,
  };
  return readLaunchClaims(payload, { targetLinkUri, platform });
};
const refused = (reason: string) => expect.objectContaining({ reason });

describe('a launch', () => {
  test('with only the claims that LTI requires leaves the rest unknown', () => {
    expect(read()).toEqual({
      message: 'resource_link',
      deploymentId: 'deployment-1',
      contextId: null,
      subject: 'ada',
      name: null,
      roles: [],
      link: { id: 'link-1', title: null },
      itemId: null,
      membershipsUrl: null,
    });
  });

  test.each([
    ['a name that is no text', { name: { given: 'Ada' } }, { name: null }],
    ['a name of spaces', { name: ' \t ' }, { name: null }],
    ['a name between spaces', { name: '  Ada  ' }, { name: 'Ada' }],
    ['a long name', { name: 'x'.repeat(201) }, { name: 'x'.repeat(200) }],
    [
      'a title that is no text',
      { [claim('resource_link')]: { id: 'l', title: 7 } },
      { link: { id: 'l', title: null } },
    ],
    ['a course without an id', { [claim('context')]: { label: 'PHY' } }, { contextId: null }],
    ['a course with an empty id', { [claim('context')]: { id: '' } }, { contextId: null }],
    ['roles of which one is no text', { [claim('roles')]: ['Learner', 7] }, { roles: [] }],
    ['another tool’s custom parameters', { [claim('custom')]: { item: 'x' } }, { itemId: null }],
    [
      'a members’ address that is none',
      { [memberships]: { context_memberships_url: '/members' } },
      { membershipsUrl: null },
    ],
  ])('with %s opens', (_what, changes, expected) => {
    expect(read(changes)).toMatchObject(expected);
  });

  test.each([
    ['user', 'an empty user id', { sub: '' }],
    ['user', 'a user id beyond 255 characters', { sub: 'x'.repeat(256) }],
    ['deployment', 'an empty deployment', { [claim('deployment_id')]: '' }],
    ['resource_link', 'an empty link id', { [claim('resource_link')]: { id: '' } }],
    ['resource_link', 'a link that is only an id', { [claim('resource_link')]: 'link-1' }],
    [
      'target_link',
      'the address of the login',
      { [claim('target_link_uri')]: 'https://invigil.example.edu/lti/login' },
    ],
    ['message_type', 'a name of every object', { [claim('message_type')]: 'constructor' }],
    ['message_type', 'a list with a known message', { [claim('message_type')]: ['LtiResourceLinkRequest'] }],
  ])('is refused, %s: %s', (reason, _what, changes) => {
    expect(() => read(changes)).toThrow(refused(reason));
  });

  test('may use the longest ids of the specification', () => {
    const id = 'x'.repeat(255);
    expect(read({ sub: id, [claim('resource_link')]: { id } })).toMatchObject({ subject: id, link: { id } });
  });
});

describe('the start of an attempt', () => {
  const start = (changes: Record<string, unknown> = {}) =>
    read({
      [claim('message_type')]: 'LtiStartProctoring',
      [proctoringClaim('attempt_number')]: 1,
      [proctoringClaim('session_data')]: 'data',
      [proctoringClaim('start_assessment_url')]: 'https://lms.example.edu/start',
      ...changes,
    });
  const control = (actions: unknown, url: unknown = 'https://lms.example.edu/control') => ({
    [proctoringClaim('acs')]: { actions, assessment_control_url: url },
  });

  test.each([
    ['no actions', {}],
    ['too many actions', control(Array.from({ length: 21 }, () => 'pause'))],
    ['an action that is no text', control([7])],
    ['an action beyond 200 characters', control(['x'.repeat(201)])],
    ['no address for actions', control(['pause'], null)],
    ['a relative address for actions', control(['pause'], '/control')],
  ])('with %s is proctored without control of the assessment', (_what, changes) => {
    expect(start(changes)).toMatchObject({ message: 'start_proctoring', start: { attemptNumber: 1, control: null } });
  });

  test('keeps actions that this tool does not know', () => {
    expect(start(control(['pause', 'rewind']))).toMatchObject({
      start: { control: { url: 'https://lms.example.edu/control', actions: ['pause', 'rewind'] } },
    });
  });

  test.each([
    ['attempt 0', { [proctoringClaim('attempt_number')]: 0 }],
    ['half an attempt', { [proctoringClaim('attempt_number')]: 1.5 }],
    ['a number beyond exact integers', { [proctoringClaim('attempt_number')]: 2 ** 53 }],
    ['a number as text', { [proctoringClaim('attempt_number')]: '1' }],
    ['empty session data', { [proctoringClaim('session_data')]: '' }],
    ['session data beyond 8,000 characters', { [proctoringClaim('session_data')]: 'x'.repeat(8001) }],
    [
      'a start address without encryption',
      { [proctoringClaim('start_assessment_url')]: 'http://lms.example.edu/start' },
    ],
    ['a start address that is a script', { [proctoringClaim('start_assessment_url')]: 'javascript:alert(1)' }],
    [
      'a start address beyond 2,000 characters',
      { [proctoringClaim('start_assessment_url')]: `https://lms.example.edu/${'x'.repeat(2000)}` },
    ],
  ])('is refused with %s', (_what, changes) => {
    expect(() => start(changes)).toThrow(refused('attempt'));
  });
});

describe('the end of an attempt', () => {
  const end = (changes: Record<string, unknown>) =>
    read({ [claim('message_type')]: 'LtiEndAssessment', [proctoringClaim('attempt_number')]: 2, ...changes });

  test('needs no session data', () => {
    expect(end({})).toMatchObject({ attemptNumber: 2, sessionData: null, hasFailed: false });
  });

  test.each(['errormsg', 'errorlog'])('has failed if the platform sent %s, even an empty one', (name) => {
    expect(end({ [proctoringClaim(name)]: '' })).toMatchObject({ hasFailed: true });
  });

  test('is refused without the number of the attempt', () => {
    expect(() => end({ [proctoringClaim('attempt_number')]: undefined })).toThrow(refused('attempt'));
  });
});

describe('a request to choose an exam', () => {
  const settings = (changes: Record<string, unknown>) =>
    read({
      [claim('message_type')]: 'LtiDeepLinkingRequest',
      [claim('resource_link')]: undefined,
      [deepLinkingClaim('deep_linking_settings')]: {
        deep_link_return_url: 'https://lms.example.edu/return',
        accept_types: ['ltiResourceLink'],
        accept_presentation_document_targets: ['iframe'],
        ...changes,
      },
    });

  test.each([
    ['no title and no data', {}, { title: null, data: null, opensWindows: false }],
    ['a title of spaces', { title: '  ' }, { title: null }],
    ['a long title', { title: ` ${'x'.repeat(300)}` }, { title: 'x'.repeat(200) }],
    ['empty data, which goes back unchanged', { data: '' }, { data: '' }],
    ['windows', { accept_presentation_document_targets: ['window', 'embed'] }, { opensWindows: true }],
    [
      'a return address at another host',
      { deep_link_return_url: 'https://files.example.org/' },
      { returnUrl: 'https://files.example.org/' },
    ],
  ])('may come with %s', (_what, changes, expected) => {
    expect(settings(changes)).toMatchObject({ message: 'deep_linking', settings: expected });
  });

  test.each([
    ['a return address without encryption', { deep_link_return_url: 'http://lms.example.edu/return' }],
    ['data beyond 16,000 characters', { data: 'x'.repeat(16_001) }],
    ['data that is no text', { data: { csrf: 'x' } }],
    ['more than 50 types', { accept_types: Array.from({ length: 51 }, () => 'ltiResourceLink') }],
    ['no targets', { accept_presentation_document_targets: undefined }],
  ])('is refused with %s', (_what, changes) => {
    expect(() => settings(changes)).toThrow(refused('deep_linking'));
  });
});
