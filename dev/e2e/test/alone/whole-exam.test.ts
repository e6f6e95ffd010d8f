import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '@invigil/protocol/report';
import { repositoryFolder } from '@invigil/testkit/repository';
import { CuttableProxy } from '@invigil/testkit/network/cuttable-proxy';
import { fakeCameraArguments, launchOptions } from '@invigil/testkit/browser/chromium';
import { writeEventCamera } from '@invigil/testkit/cameras/event-camera';
import { startServer } from '@invigil/testkit/server/server-process';
import { accessibilityProblems, sidewaysPx } from '@invigil/testkit/browser/accessibility';

/** Three engines load and run at the same time, on a busy machine. */
const slowlyMs = 120_000;
const narrowPx = 360;
const actionMs = 30_000;

interface Student {
  id: string;
  name: string;
  event: 'absent' | 'phone' | 'second';
  observation: string;
  browser: Browser;
  page: Page;
  /** The student's connection to the server. */
  wire: CuttableProxy;
}

const people = [
  { id: 'a-1', name: 'Ada Lovelace', event: 'phone', observation: 'Phone in view' },
  { id: 'a-2', name: 'Grace Hopper', event: 'absent', observation: 'No face in view' },
  { id: 'a-3', name: 'Alan Turing', event: 'second', observation: 'Several faces in view' },
] as const;

const typeOfEvent = { phone: 'phone_visible', absent: 'face_absent', second: 'multiple_faces' } as const;

let folder: string;
let server: Awaited<ReturnType<typeof startServer>>;
let teacher: Page;
let students: Student[] = [];
const pageErrors: string[] = [];

const tile = (id: string) => teacher.locator('.tile').filter({ has: teacher.locator(`[data-key="${id}"]`) });
const student = (id: string): Student => {
  const found = students.find((candidate) => candidate.id === id);
  if (found === undefined) throw new Error(`no student has the number ${id}`);
  return found;
};
const everybody = (act: (one: Student) => Promise<unknown>) => Promise.all(students.map(act));
const openPage = async (browser: Browser): Promise<Page> => {
  // axe is injected into the page; the page's own policy would block it.
  const page = await browser.newPage({ bypassCSP: true, viewport: { width: 1280, height: 900 }, locale: 'en-GB' });
  page.setDefaultTimeout(actionMs);
  page.on('pageerror', (error) => pageErrors.push(error.message));
  return page;
};

beforeAll(async () => {
  if (!existsSync(join(repositoryFolder, 'demo/dist/site/index.html')))
    throw new Error('the pages are not built: npm run build');
  folder = await mkdtemp(join(tmpdir(), 'invigil-whole-exam-'));
  server = await startServer({ folder });
  // A browser has one camera, so each student has a browser.
  students = await Promise.all(
    people.map(async (person) => {
      const cameraPath = join(folder, `${person.event}.y4m`);
      writeEventCamera(cameraPath, person.event);
      const wire = await CuttableProxy.start(server.url);
      const browser = await chromium.launch(launchOptions(fakeCameraArguments(cameraPath)));
      return { ...person, browser, wire, page: await openPage(browser) };
    }),
  );
  teacher = await openPage(student('a-1').browser);
});

afterAll(async () => {
  await everybody(async ({ browser, wire }) => {
    await browser.close();
    wire.close();
  });
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const barriers = async (page: Page): Promise<string[]> => {
  const found = await accessibilityProblems(page);
  const overflowPx = await sidewaysPx(page, narrowPx);
  return overflowPx > 0 ? [...found, `${overflowPx} px too wide in a window of ${narrowPx} px`] : found;
};

/** The person in the image does not follow the dots, which calibration detects; the nine directions remain. */
const calibrate = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Start calibration' }).click();
  await page.getByRole('button', { name: 'Begin', exact: true }).click();
  await page.locator('[data-calibration=too_poor]').waitFor({ timeout: slowlyMs });
};

describe('a teacher and three students with cameras', { timeout: slowlyMs }, () => {
  test('the teacher creates the exam and opens it', async () => {
    await teacher.goto(`${server.url}/proctor/`);
    await teacher.getByLabel('Title').fill('Physics I');
    const lines = people.map(({ id, name }) => `${id}, ${name}`).join('\n');
    await teacher.getByRole('textbox', { name: 'Students' }).fill(lines);
    await teacher.getByLabel('Allow breaks: students can pause the observation').check();
    await teacher.getByRole('button', { name: 'Create exam' }).click();
    await teacher.waitForURL(/\/proctor\/\?exam=/);
    await teacher.getByRole('button', { name: 'Open waiting room' }).click();
    await teacher.locator('[data-exam-status=WAITING]').waitFor();
    await expect.poll(() => teacher.locator('.tile').count()).toBe(people.length);
  });

  test('the students open the exam’s link and check their cameras', async () => {
    const path = `/?exam=${new URL(teacher.url()).searchParams.get('exam')}`;
    await everybody(async ({ id, page, wire }) => {
      await page.goto(wire.url + path);
      await page.getByLabel('Student number or nickname').fill(id);
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Turn on the camera' }).click();
      await page.getByText('Your face is clearly in view.').waitFor({ timeout: slowlyMs });
      if (id === 'a-3') await calibrate(page);
      await page.getByRole('button', { name: 'Continue to the exam' }).click();
      await page.waitForURL(/\/exam\/\?session=/);
      expect(new URL(page.url()).searchParams.get('session')).not.toBe('');
    });
  });

  test('they agree and take the exam; the teacher sees them live and starts the exam', async () => {
    await everybody(async ({ page }) => {
      await page.getByRole('button', { name: 'I agree, turn on the camera' }).click();
      await page.locator('[data-exam-stage=running]').waitFor({ timeout: slowlyMs });
    });
    for (const { id } of people) {
      await expect.poll(() => tile(id).getAttribute('data-delivery'), { timeout: slowlyMs }).toBe('live');
      await expect.poll(() => tile(id).innerText(), { timeout: slowlyMs }).toMatch(/Faces\s+\d/);
    }
    await teacher.getByRole('button', { name: 'Start exam' }).click();
    await teacher.locator('[data-exam-status=IN_PROGRESS]').waitFor();
    await student('a-1').page.getByLabel('13,230').check();
  });

  test('an event in front of a camera becomes that student’s alert, and is acknowledged', async () => {
    for (const { name, observation } of people) {
      const alert = teacher.locator('.alert-group').filter({ hasText: name }).filter({ hasText: observation });
      await alert.first().waitFor({ timeout: slowlyMs });
    }
    for (const { page, observation } of students) {
      await page.getByText('Notes so far').click();
      await page.locator('.panel .notes').getByText(observation).first().waitFor();
    }
    const taken = teacher.getByRole('button', { name: 'I’m on it: Phone in view, Ada Lovelace' }).first();
    await taken.click();
    await teacher.getByTestId('taken').locator('summary').click();
    await expect.poll(() => teacher.getByTestId('taken').innerText()).toMatch(/Phone in view, Ada Lovelace – dev/);
  });

  test('the teacher writes to a student, who reads it, takes a break and continues', async () => {
    const { page } = student('a-2');
    await teacher.locator('[data-key="a-2"]').click();
    const dialog = teacher.locator('dialog[data-student="a-2"]');
    await dialog.getByLabel('Message to this student').fill('Please move the lamp.');
    await dialog.getByRole('button', { name: 'Send' }).click();
    await page.getByText('Please move the lamp.').waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'I have read it' }).click();
    await dialog.getByLabel('Note for the report review').fill('The lamp stood behind her.');
    await dialog.getByRole('button', { name: 'Save note' }).click();
    await dialog.getByText('Saved.').waitFor();
    await page.getByRole('button', { name: 'Start a break' }).click();
    await expect.poll(() => page.getByTestId('observed').innerText()).toBe('On a break');
    await dialog.getByText('Not observed: break').waitFor();
    // Violations during a break are not recorded.
    await page.evaluate(() => document.dispatchEvent(new Event('paste')));
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'End the break, turn on the camera' }).click();
    await expect.poll(() => page.getByTestId('observed').innerText(), { timeout: slowlyMs }).toBe('Observed');
    await dialog.getByRole('button', { name: 'Close' }).click();
    await dialog.waitFor({ state: 'detached' });
  });

  test('a student’s connection breaks: both sides show it; it recovers, and nothing is lost', async () => {
    const alan = student('a-3');
    alan.wire.cut();
    await teacher.locator('.tile[data-need]').filter({ hasText: 'disconnected' }).getByText(alan.name).waitFor();
    const delivery = alan.page.getByTestId('delivery');
    await expect
      .poll(() => delivery.innerText(), { timeout: slowlyMs })
      .toMatch(/Continue with the exam; \d+ measurements are waiting/);
    alan.wire.mend();
    await expect.poll(() => delivery.innerText(), { timeout: slowlyMs }).toBe('Everything has been delivered');
    await expect.poll(() => tile(alan.id).getAttribute('data-delivery'), { timeout: slowlyMs }).toBe('live');
  });

  test('the teacher completes the exam, and it ends for everyone', async () => {
    await teacher.getByTestId('step-complete').click();
    await teacher.getByTestId('confirm-yes').click();
    await teacher.locator('[data-exam-status=COMPLETED]').waitFor();
    await everybody(async ({ page }) => {
      await page.locator('[data-exam-stage=over]').waitFor();
      expect(await page.getByTestId('handed-in').innerText()).toContain('The exam is over');
    });
  });

  test('the reports show each student’s events, and that every reading arrived', async () => {
    await everybody(async ({ page, wire, event, observation }) => {
      const sessionId = new URL(page.url()).searchParams.get('session') ?? '';
      await page.getByRole('link', { name: 'Read my report' }).click();
      await page.getByTestId('coverage').waitFor();
      await page.locator('.observation').filter({ hasText: observation }).first().waitFor();
      const report = (await (await fetch(`${wire.url}/api/v1/session/${sessionId}/report`)).json()) as Report;
      const types = report.observations.map(({ type }) => type);
      for (const [name, type] of Object.entries(typeOfEvent)) {
        expect([type, types.includes(type)]).toEqual([type, name === event]);
      }
      expect(report.integrity.frames_lost).toBe(0);
      // A break is listed as such.
      expect((report.coverage?.not_observed_s.paused ?? 0) > 0).toBe(event === 'absent');
      expect(report.violations.list.map(({ type }) => type)).not.toContain('PASTE_ATTEMPT');
    });
  });

  test('the teacher opens a report and reviews an observation, and the student sees it', async () => {
    await teacher.getByRole('link', { name: 'Ada Lovelace' }).click();
    await teacher
      .getByRole('button', { name: /Phone in view, from/ })
      .first()
      .click();
    const observation = teacher.locator('.observation[open]');
    await observation.getByLabel('Confirmed', { exact: true }).check();
    await observation.getByRole('button', { name: 'Save', exact: true }).click();
    await expect.poll(() => teacher.getByTestId('mark').first().innerText()).toBe('Confirmed – dev');
    const { page } = student('a-1');
    await page.reload();
    await page.locator('.observation').filter({ hasText: 'Phone in view' }).first().locator('summary').click();
    await expect.poll(() => page.getByTestId('mark').first().innerText()).toContain('Confirmed');
  });

  test('a report lists proctors’ notes, for teachers only', async () => {
    const { page } = student('a-2');
    const sessionId = new URL(page.url()).searchParams.get('session') ?? '';
    await teacher.goto(`${server.url}/report/?session=${sessionId}&as=staff`);
    await expect
      .poll(() => teacher.getByTestId('exam-notes').innerText())
      .toMatch(/Please move the lamp\.[^]*The lamp stood behind her\./);
    await teacher.getByRole('button', { name: 'Copy link for the student' }).waitFor();
    await teacher.goto(`${server.url}/report/?session=${sessionId}&as=student`);
    await teacher.getByTestId('baseline').waitFor();
    expect(await teacher.getByText('The lamp stood behind her.').count()).toBe(0);
  });

  test('no page raised an error', () => {
    expect(pageErrors).toEqual([]);
  });
});
