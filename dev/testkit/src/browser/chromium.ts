/** Finds the Chromium that tests, measurements and rehearsals drive. It comes from the distribution: nothing is downloaded. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright';
import type { Browser } from 'playwright';

type Environment = Record<string, string | undefined>;

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** Path of the browser: `CHROMIUM_PATH`, or the first known name on the PATH; null when there is none. */
const findChromium = (environment: Environment = process.env): string | null => {
  const own = environment['CHROMIUM_PATH'];
  if (own) return isExecutable(own) ? own : null;
  const folders = [...(environment['PATH'] ?? '').split(delimiter), '/usr/bin'].filter((folder) => folder !== '');
  const candidates = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  return candidates.find(isExecutable) ?? null;
};

/** The same path; throws an error that names the package to install if there is no browser. */
export const requireChromium = (environment: Environment = process.env): string => {
  const path = findChromium(environment);
  if (path !== null) return path;
  throw new Error(
    environment['CHROMIUM_PATH']
      ? `CHROMIUM_PATH is ${environment['CHROMIUM_PATH']}, which is not an executable file`
      : 'no Chromium found. Install it with `sudo apt-get install chromium`, or set CHROMIUM_PATH',
  );
};

/** Arguments that stop Chromium's own network traffic, and let it run as root and in containers. */
export const quietArguments = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
];

/**
 * Arguments for a webcam that plays a file (y4m keeps its own frame rate) and needs no permission prompt.
 * @param videoPath null for Chromium's built-in test video
 */
export const fakeCameraArguments = (videoPath: string | null = null): string[] => [
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
  ...(videoPath === null ? [] : [`--use-file-for-fake-video-capture=${videoPath}`]),
];

/** Options for playwright's `chromium.launch`, with further arguments. */
export const launchOptions = (...more: (string | readonly string[])[]): { executablePath: string; args: string[] } => ({
  executablePath: requireChromium(),
  args: [...quietArguments, ...more.flat()],
});

/** Starts the browser. */
export const launchBrowser = (...more: (string | readonly string[])[]): Promise<Browser> =>
  chromium.launch(launchOptions(...more));
