import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserName } from './browser-name.ts';
import { findChromium } from './find-chromium.ts';
import { findProgram } from './find-program.ts';

type Environment = Record<string, string | undefined>;

/** WebKitGTK's small browser. Debian keeps it outside of the PATH, in a folder that has the architecture in its name. */
const findMiniBrowser = (): string | null => {
  const libraries = '/usr/lib';
  if (!existsSync(libraries)) return null;
  const folders = readdirSync(libraries).map((architecture) => join(libraries, architecture, 'webkit2gtk-4.1'));
  return folders.map((folder) => join(folder, 'MiniBrowser')).find((path) => existsSync(path)) ?? null;
};

interface Requirement {
  /** Debian's name. */
  package: string;
  isInstalled: (environment: Environment) => boolean;
}

const isOnPath =
  (program: string) =>
  (environment: Environment): boolean =>
    findProgram([program], environment) !== null;

/** Debian packages of each browser. */
const requirements: Record<BrowserName, readonly Requirement[]> = {
  chromium: [{ package: 'chromium', isInstalled: (environment) => findChromium(environment) !== null }],
  firefox: [{ package: 'firefox-esr', isInstalled: isOnPath('firefox-esr') }],
  webkit: [
    { package: 'webkit2gtk-driver', isInstalled: isOnPath('WebKitWebDriver') },
    { package: 'libwebkit2gtk-4.1-0', isInstalled: () => findMiniBrowser() !== null },
    { package: 'xvfb', isInstalled: isOnPath('Xvfb') },
    { package: 'openbox', isInstalled: isOnPath('openbox') },
  ],
};

/** Debian packages that a browser needs and that are not installed. */
export const missingPackages = (name: BrowserName, environment: Environment = process.env): string[] =>
  requirements[name].filter(({ isInstalled }) => !isInstalled(environment)).map((each) => each.package);

const programs: Record<BrowserName, (environment: Environment) => string | null> = {
  chromium: findChromium,
  firefox: (environment) => findProgram(['firefox-esr'], environment),
  webkit: findMiniBrowser,
};

/** Path of the browser's program. @throws an error that names the packages to install if something is missing. */
export const requireBrowser = (name: BrowserName, environment: Environment = process.env): string => {
  const missing = missingPackages(name, environment);
  const path = programs[name](environment);
  if (missing.length === 0 && path !== null) return path;
  throw new Error(`no ${name} here. Install it with: sudo apt-get install ${missing.join(' ')}`);
};
