// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

let sent: Headers;
beforeEach(() => {
  vi.resetModules();
  sent = new Headers();
});
afterEach(() => {
  delete window.SafeExamBrowser;
});

const load = () => import('./safe-exam-browser.ts');

test('in another browser nothing is added', async () => {
  const { addBrowserKeys, isInSafeExamBrowser } = await load();
  await addBrowserKeys(sent);
  expect([...sent.keys()]).toEqual([]);
  expect(isInSafeExamBrowser()).toBe(false);
});

test('the keys of the page are added, with the address that they are for', async () => {
  window.SafeExamBrowser = { security: { configKey: 'c0', browserExamKey: 'b0' } };
  const { addBrowserKeys, isInSafeExamBrowser } = await load();
  await addBrowserKeys(sent);
  expect(isInSafeExamBrowser()).toBe(true);
  expect(Object.fromEntries(sent)).toEqual({
    'x-invigil-seb-url': location.href,
    'x-invigil-seb-config-key-hash': 'c0',
    'x-invigil-seb-browser-exam-key-hash': 'b0',
  });
});

test('a version that sets the keys on request is asked once', async () => {
  const security: { configKey?: string; updateKeys?: (callback: () => void) => void } = {};
  const updateKeys = vi.fn<(callback: () => void) => void>((callback) => {
    security.configKey = 'c1';
    callback();
  });
  security.updateKeys = updateKeys;
  window.SafeExamBrowser = { security };
  const { addBrowserKeys } = await load();
  await addBrowserKeys(sent);
  await addBrowserKeys(sent);
  expect(sent.get('x-invigil-seb-config-key-hash')).toBe('c1');
  expect(updateKeys).toHaveBeenCalledOnce();
});
