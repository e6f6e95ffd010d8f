import type { Browser } from 'playwright';

/** The setting in which one run takes its screenshots. */
export interface Stage {
  browser: Browser;
  serverUrl: string;
  /** Also makes the images of the README. */
  forReadme: boolean;
}
