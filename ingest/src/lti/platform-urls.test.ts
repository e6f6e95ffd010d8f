import { describe, expect, test } from 'vitest';
import type { LtiPlatform } from '../model/lti-platform.ts';
import { isPageUrl, isPlatformUrl } from './platform-urls.ts';

const platform: LtiPlatform = {
  platformId: 'moodle',
  issuer: 'https://lms.example.edu',
  clientId: 'client-1',
  loginUrl: 'https://login.example.edu/auth',
  keysUrl: 'https://keys.example.edu/set',
  tokenUrl: 'https://token.example.edu/token',
  serviceOrigins: ['https://api.example.edu:8443'],
};

describe('a request of the server', () => {
  test.each([
    'https://lms.example.edu/members?page=2',
    'https://login.example.edu/',
    'https://keys.example.edu/',
    'https://token.example.edu/',
    'https://api.example.edu:8443/control',
    'https://LMS.example.edu:443/members',
  ])('may go to %s', (url) => expect(isPlatformUrl(platform, url)).toBe(true));

  test.each([
    ['another host', 'https://evil.example.org/'],
    ['a host that only begins like it', 'https://lms.example.edu.evil.example.org/'],
    ['the platform as a user name', 'https://lms.example.edu@evil.example.org/'],
    ['a subdomain', 'https://api.lms.example.edu/'],
    ['without encryption', 'http://lms.example.edu/'],
    ['another port', 'https://lms.example.edu:8443/'],
    ['a registered host without its port', 'https://api.example.edu/'],
    ['the metadata of the cloud', 'http://169.254.169.254/latest'],
    ['a file', 'file:///etc/passwd'],
    ['a relative address', '/members'],
    ['nothing', ''],
  ])('does not go to %s', (_what, url) => expect(isPlatformUrl(platform, url)).toBe(false));

  test('does not go to a file or data, even if the issuer is a name without an origin', () => {
    const named = { ...platform, issuer: 'urn:example:lms', serviceOrigins: ['null'] };
    expect(
      ['urn:example:lms', 'data:text/plain,x', 'file:///etc/passwd'].filter((url) => isPlatformUrl(named, url)),
    ).toEqual([]);
  });

  test('does not go to the place of tokens if the platform has none', () => {
    expect(isPlatformUrl({ ...platform, tokenUrl: null }, 'https://token.example.edu/')).toBe(false);
  });
});

describe('a browser', () => {
  const local = { ...platform, loginUrl: 'http://localhost:8080/auth' };
  test.each([
    ['https://files.example.org/', true, true],
    ['http://lms.example.edu/', false, true],
    ['javascript:alert(1)', false, false],
    ['data:text/html,x', false, false],
    ['/return', false, false],
  ])('may be sent to %s: %s; if the platform has no encryption: %s', (url, encrypted, plain) => {
    expect([isPageUrl(platform, url), isPageUrl(local, url)]).toEqual([encrypted, plain]);
  });
});
