/**
 * The Chromium that tests, measurements and rehearsals drive: the distribution's own, so that no browser is downloaded.
 */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

const isExecutable = (path) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** Path of the browser: `CHROMIUM_PATH`, or the first known name on the PATH; null when there is none. */
export const findChromium = (environment = process.env) => {
  const own = environment.CHROMIUM_PATH;
  if (own) return isExecutable(own) ? own : null;
  const folders = [...(environment.PATH ?? '').split(delimiter), '/usr/bin'].filter((folder) => folder !== '');
  const candidates = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  return candidates.find(isExecutable) ?? null;
};

/** The same, or an error that says what to install. */
export const requireChromium = (environment = process.env) => {
  const path = findChromium(environment);
  if (path !== null) return path;
  throw new Error(
    environment.CHROMIUM_PATH
      ? `CHROMIUM_PATH is ${environment.CHROMIUM_PATH}, which cannot be run`
      : 'no Chromium found. Install it with `sudo apt-get install chromium`, or set CHROMIUM_PATH to one',
  );
};

/** Arguments that keep Chromium off the network except for the page, and able to run as root and in containers. */
export const quietArguments = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
];

/**
 * Arguments for a webcam that plays a file (y4m keeps its own frame rate) and is granted without a question.
 * @param {string | null} videoPath null for the browser's own test picture
 */
export const fakeCameraArguments = (videoPath = null) => [
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
  ...(videoPath === null ? [] : [`--use-file-for-fake-video-capture=${videoPath}`]),
];

/** Options for playwright's `chromium.launch`. */
export const launchOptions = (...more) => ({
  executablePath: requireChromium(),
  args: [...quietArguments, ...more.flat()],
});
