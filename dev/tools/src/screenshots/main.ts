/** Takes screenshots of every page and state. `--help` prints the options. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { writeAstronautCamera } from '@invigil/testkit/cameras/astronaut-camera';
import { fakeCameraArguments, launchOptions } from '@invigil/testkit/browser/chromium';
import { startServer } from '@invigil/testkit/server/server-process';
import { commandLine, runCommand } from '../command/command-line.ts';
import { jwtSecret } from '@invigil/testkit/tokens/tokens';
import { outFolder, walkCamera, walkSizes } from './camera.ts';
import { createTeacher } from './exam-teacher.ts';
import { walkStudent } from './student-walk.ts';
import { takeProctorPages } from './proctor-pages.ts';
import { takeStudentPages, takeWithoutCamera } from './student-pages.ts';

const usage = `npm run screenshots -- [--walk] [--readme]

Takes screenshots of every page and state, at 360 and 1440 px, light and dark, into out/screenshots.
Needs the build (npm run build).

  --walk     takes only the walk of a student in production mode (AUTH=jwt), in English, German and Spanish
  --readme   also makes the images of the README (docs/*.png)
  --help     this text`;

/** The whole way of a student in production mode, in three languages, at both sizes. */
const takeWalk = async (folder: string): Promise<void> => {
  const cameraPath = join(folder, 'camera.y4m');
  writeAstronautCamera(cameraPath);
  const server = await startServer({ folder, environment: { AUTH: 'jwt', JWT_SECRET: jwtSecret } });
  const browser = await chromium.launch(launchOptions(fakeCameraArguments(cameraPath)));
  try {
    for (const { language, title } of [
      { language: 'en', title: 'Physics I' },
      { language: 'de', title: 'Physik I' },
      { language: 'es', title: 'Física I' },
    ] as const) {
      for (const viewport of walkSizes) {
        const name = `walk-${language}-${viewport.width}`;
        const teacher = await createTeacher(server.url, name, title);
        const context = await browser.newContext({ viewport, locale: language, acceptDownloads: true });
        const page = await context.newPage();
        await walkStudent({ page, serverUrl: server.url, language, teacher, visit: walkCamera(name) });
        await context.close();
      }
    }
  } finally {
    await browser.close();
    await server.stop();
  }
};

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
  const { values } = commandLine(usage, { readme: { type: 'boolean' }, walk: { type: 'boolean' } });
  await mkdir(outFolder, { recursive: true });
  const folder = await mkdtemp(join(tmpdir(), 'invigil-screenshots-'));
  try {
    if (values.walk ?? false) await takeWalk(folder);
    else await takeAll(folder, values.readme ?? false);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
