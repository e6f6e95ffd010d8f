/** Takes screenshots of every page and state. `--help` prints the options. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { writeAstronautCamera } from '@invigil/testkit/cameras/astronaut-camera';
import { fakeCameraArguments, launchOptions } from '@invigil/testkit/browser/chromium';
import { startServer } from '@invigil/testkit/server/server-process';
import { CommandError, commandLine, numberOption, runCommand } from '../command/command-line.ts';
import { jwtSecret } from '@invigil/testkit/tokens/tokens';
import { outFolder, walkCamera, walkSizes } from './camera.ts';
import { createTeacher } from './exam-teacher.ts';
import { walkStudent } from './student-walk.ts';
import { takeProctorPages } from './proctor-pages.ts';
import { classSizes, takeStaffPages } from './staff-pages.ts';
import type { Stage } from './stage.ts';
import { takeStudentPages, takeWithoutCamera } from './student-pages.ts';

const usage = `npm run screenshots -- [--walk] [--staff [--students N]] [--readme]

Takes screenshots of every page and state, at 360, 1440 and 1920 px, light and dark, into out/screenshots.
The staff's pages are taken with 3, 100 and 500 students; barriers that axe finds in them are errors.
Needs the build (npm run build).

  --walk     takes only the walk of a student in production mode (AUTH=jwt), in English, German and Spanish
  --staff    takes only the staff's pages with 3, 100 and 500 students
  --students N   takes the staff's pages with N students only
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

/** The staff's pages with each number of students. */
const takeStaff = async (stage: Stage, students: readonly number[]): Promise<void> => {
  const found: string[] = [];
  for (const count of students) found.push(...(await takeStaffPages(stage, count)));
  for (const problem of found) console.error(problem);
  if (found.length > 0) throw new CommandError(`${found.length} problems in the staff's pages`);
};

const takeOnlyStaff = async (folder: string, students: readonly number[]): Promise<void> => {
  const server = await startServer({ folder });
  const browser = await chromium.launch(launchOptions());
  try {
    await takeStaff({ browser, serverUrl: server.url, forReadme: false }, students);
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
      await takeStaff({ browser, serverUrl: server.url, forReadme: false }, classSizes);
    } finally {
      await browser.close();
    }
    await takeWithoutCamera(server.url);
  } finally {
    await server.stop();
  }
};

await runCommand(async () => {
  const { values } = commandLine(usage, {
    readme: { type: 'boolean' },
    walk: { type: 'boolean' },
    staff: { type: 'boolean' },
    students: { type: 'string' },
  });
  const students =
    values.students === undefined ? classSizes : [numberOption('students', values.students, { min: 3, max: 2000 })];
  await mkdir(outFolder, { recursive: true });
  const folder = await mkdtemp(join(tmpdir(), 'invigil-screenshots-'));
  try {
    if (values.walk ?? false) await takeWalk(folder);
    else if (values.staff ?? false) await takeOnlyStaff(folder, students);
    else await takeAll(folder, values.readme ?? false);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
