import { chromium } from 'playwright';
import type { Browser } from 'playwright';
import { requireChromium } from './find-chromium.ts';

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
