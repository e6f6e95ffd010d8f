// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

beforeEach(() => {
  vi.resetModules();
  sessionStorage.clear();
});
afterEach(() => vi.unstubAllGlobals());

/** Like a browser in a sandboxed frame, where any access to the storage throws. */
const denyStorage = (): void => {
  const denied = new Proxy({} as Storage, {
    get: () => {
      throw new DOMException('denied', 'SecurityError');
    },
  });
  vi.stubGlobal('sessionStorage', denied);
};

describe('what a tab keeps', () => {
  test('is restored after a reload', async () => {
    const { tabStorage } = await import('./tab-storage.ts');
    expect(tabStorage.get('a')).toBeNull();
    tabStorage.set('a', 'one');
    vi.resetModules();
    expect((await import('./tab-storage.ts')).tabStorage.get('a')).toBe('one');
  });

  test('lasts as long as the page where the browser denies storage', async () => {
    denyStorage();
    const { tabStorage } = await import('./tab-storage.ts');
    expect(tabStorage.get('a')).toBeNull();
    tabStorage.set('a', 'one');
    tabStorage.set('a', 'two');
    expect(tabStorage.get('a')).toBe('two');
    vi.resetModules();
    expect((await import('./tab-storage.ts')).tabStorage.get('a')).toBeNull();
  });
});

describe('a page without storage', () => {
  test('has a language all the same', async () => {
    denyStorage();
    history.replaceState(null, '', '/?lang=de');
    const { pageLanguage } = await import('./language.ts');
    history.replaceState(null, '', '/');
    expect(pageLanguage).toBe('de');
  });

  test('keeps answers and tokens while it is open', async () => {
    denyStorage();
    const { createAnswers } = await import('../exam/answers.ts');
    createAnswers('one').give('river', 'The Danube');
    expect(createAnswers('one').given.value).toEqual({ river: 'The Danube' });
    const { rememberToken, tokenOf } = await import('../sessions/session-token.ts');
    rememberToken('s-1', 'token');
    expect(tokenOf('s-1')).toBe('token');
    const { rememberStaffToken, staffToken } = await import('../sign-in/staff-token.ts');
    expect(staffToken()).toBeNull();
    rememberStaffToken('teacher');
    expect(staffToken()).toBe('teacher');
  });
});
