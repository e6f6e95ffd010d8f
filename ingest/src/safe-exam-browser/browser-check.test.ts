import type { ExamPolicy } from '@invigil/protocol/channels';
import { describe, expect, test } from 'vitest';
import { checkBrowser } from './browser-check.ts';
import type { BrowserRequest } from './browser-check.ts';
import { configKeyOf, keyHash } from './config-key.ts';
import { examConfiguration } from './exam-configuration.ts';

const origin = 'https://proctor.example.edu';
const url = `${origin}/api/v1/session/start`;
const pageUrl = `${origin}/exam/?exam=physics`;
const configKey = configKeyOf(examConfiguration(origin, 'physics'));
const examKey = 'cd'.repeat(32);
const any: NonNullable<ExamPolicy['safe_exam_browser']> = { config_keys: [], browser_exam_keys: [] };

const verdict = (headers: Record<string, string>, required = any, change: Partial<BrowserRequest> = {}) =>
  checkBrowser({ headers, url, origin, pageOrigins: ['https://exams.example'], ...change }, 'physics', required);

const byHeaders = (key: string, of = url) => ({ 'x-safeexambrowser-configkeyhash': keyHash(of, key) });
const byPage = (key: string, of = pageUrl) => ({
  'x-invigil-seb-url': of,
  'x-invigil-seb-config-key-hash': keyHash(of, key),
});

describe('Safe Exam Browser', () => {
  test('is verified by the headers that it adds to each request', () => {
    expect(verdict(byHeaders(configKey))).toBe('verified');
    const upper = keyHash(url, configKey).toUpperCase();
    expect(verdict({ 'x-safeexambrowser-configkeyhash': upper })).toBe('verified');
  });

  test('is verified by the keys that it shows to a page of this server or of a listed origin', () => {
    expect(verdict(byPage(configKey))).toBe('verified');
    expect(verdict(byPage(configKey, `${pageUrl}#link=x`))).toBe('verified');
    expect(verdict(byPage(configKey, 'https://exams.example/physics'))).toBe('verified');
  });

  test('is verified with a configuration made elsewhere whose key the exam lists, in any case', () => {
    const required = { ...any, config_keys: ['AB'.repeat(32)] };
    expect(verdict(byHeaders('ab'.repeat(32)), required)).toBe('verified');
    expect(verdict(byHeaders(configKey), required)).toBe('verified');
  });

  test('needs an accepted Browser Exam Key if the exam lists any', () => {
    const required = { ...any, browser_exam_keys: [examKey] };
    const withKey = (key: string) => ({ ...byHeaders(configKey), 'x-safeexambrowser-requesthash': keyHash(url, key) });
    expect(verdict(withKey(examKey), required)).toBe('verified');
    expect(verdict(withKey('ef'.repeat(32)), required)).toBe('other_version');
    expect(verdict(byHeaders(configKey), required)).toBe('other_version');
    const page = { ...byPage(configKey), 'x-invigil-seb-browser-exam-key-hash': keyHash(pageUrl, examKey) };
    expect(verdict(page, required)).toBe('verified');
  });
});

describe('is refused', () => {
  test('without any key', () => {
    expect(verdict({})).toBe('other_browser');
    expect(verdict({ 'user-agent': 'SEB/3.7' })).toBe('other_browser');
    expect(verdict({ 'x-invigil-seb-url': pageUrl })).toBe('other_browser');
  });

  test.each([
    ['another exam’s configuration', byHeaders(configKeyOf(examConfiguration(origin, 'chemistry')))],
    ['a hash of another address', byHeaders(configKey, `${origin}/api/v1/session/other/end`)],
    ['the key itself', { 'x-safeexambrowser-configkeyhash': configKey }],
    ['something else', { 'x-safeexambrowser-configkeyhash': 'x' }],
    ['a page’s hash of another address', { ...byPage(configKey), 'x-invigil-seb-url': `${pageUrl}2` }],
  ])('with %s', (_what, headers) => expect(verdict(headers)).toBe('other_configuration'));

  test('with the keys of a page elsewhere', () => {
    expect(verdict(byPage(configKey, 'https://elsewhere.example/exam'))).toBe('other_browser');
    expect(verdict(byPage(configKey, 'no address'))).toBe('other_browser');
  });
});
