import { beforeEach } from 'vitest';
import type { BrowserName } from './browser-name.ts';

declare module 'vitest' {
  interface TaskMeta {
    /** The browser that a test drives, for the counts at the end of a run. */
    browser?: BrowserName;
  }
}

/** Counts the tests of the current suite as run in this browser. */
export const countInBrowser = (name: BrowserName): void =>
  beforeEach(({ task }) => {
    task.meta.browser = name;
  });
