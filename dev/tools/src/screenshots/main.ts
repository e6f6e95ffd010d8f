/** Takes screenshots of every page and state. `--help` prints the options. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { writeAstronautCamera } from '@invigil/testkit/cameras/astronaut-camera';
import { fakeCameraArguments, launchOptions } from '@invigil/testkit/browser/chromium';
import { startServer } from '@invigil/testkit/server/server-process';
import { commandLine, runCommand } from '../command/command-line.ts';
import { outFolder } from './camera.ts';
import { takeProctorPages } from './proctor-pages.ts';
import { takeStudentPages, takeWithoutCamera } from './student-pages.ts';

const usage = `npm run screenshots -- [--readme]

Takes screenshots of every page and state, at 360 and 1440 px, light and dark, into out/screenshots.
Needs the build (npm run build).

  --readme   also makes the images of the README (docs/*.png)
  --help     this text`;

const takeAll = async (folder: string, forReadme: boolean): Promise<void> => {
  const cameraPath = join(folder, 'camera.y4m');
  writeAstronautCamera(cameraPath);
  const server = await startServer({ folder });
  try {
    const browser = await chromium.launch(launchOptions(fakeCameraArguments(cameraPath)));
    try {
      await takeProctorPages({ browser, serverUrl: server.url, forReadme });
      await takeStudentPages({ browser, serverUrl: server.url, forReadme });
    } finally {
      await browser.close();
    }
    await takeWithoutCamera(server.url);
  } finally {
    await server.stop();
  }
};

await runCommand(async () => {
  const { values } = commandLine(usage, { readme: { type: 'boolean' } });
  await mkdir(outFolder, { recursive: true });
  const folder = await mkdtemp(join(tmpdir(), 'invigil-screenshots-'));
  try {
    await takeAll(folder, values.readme ?? false);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
