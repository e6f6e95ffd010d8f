import { chromium } from 'playwright';
import type { Browser } from 'playwright';
import { requireChromium } from './find-chromium.ts';

/** The list under the address bar, which Chromium loads as two pages beside every page. This costs two seconds of CPU for each page that a test opens. */
const addressBarFeatures = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup'];

/** Features that Playwright disables. Chromium honours only the last `--disable-features`, so ours repeats them; a test compares the two. */
const featuresThatPlaywrightDisables = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'TcpPortRandomizationWin',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
  'msForceBrowserSignIn',
  'msEdgeUpdateLaunchServicesPreferredVersion',
];

const disable = (features: readonly string[]): string => `--disable-features=${features.join(',')}`;

const basicArguments = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
];

/** Arguments that stop Chromium's own network traffic and pages, and let it run as root and in containers. */
export const quietArguments: readonly string[] = [...basicArguments, disable(addressBarFeatures)];

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
  args: [...basicArguments, disable([...featuresThatPlaywrightDisables, ...addressBarFeatures]), ...more.flat()],
});

/** Starts the browser. */
export const launchBrowser = (...more: (string | readonly string[])[]): Promise<Browser> =>
  chromium.launch(launchOptions(...more));
