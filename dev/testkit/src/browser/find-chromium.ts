/** Finds the Chromium that tests, measurements and rehearsals drive. It comes from the distribution: nothing is downloaded. */
import { findProgram, isExecutable } from './find-program.ts';

type Environment = Record<string, string | undefined>;

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** Path of the browser: `CHROMIUM_PATH`, or the first known name on the PATH; null when there is none. */
export const findChromium = (environment: Environment = process.env): string | null => {
  const own = environment['CHROMIUM_PATH'];
  if (own) return isExecutable(own) ? own : null;
  return findProgram(names, environment);
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
