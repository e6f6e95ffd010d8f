import type { Browser } from 'playwright';

/** Where the screenshots of one run are taken. */
export interface Stage {
  browser: Browser;
  serverUrl: string;
  /** Also makes the images of the README. */
  forReadme: boolean;
}
