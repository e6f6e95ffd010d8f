import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeAstronautCamera } from '@invigil/testkit/cameras/astronaut-camera';
import { fakeCameraArguments, launchOptions } from '@invigil/testkit/browser/chromium';
import { startServer } from '@invigil/testkit/server/server-process';

/** Loading the models, on a busy machine. */
const prepareLimitMs = 120_000;

let folder: string;
let server: Awaited<ReturnType<typeof startServer>>;
let browser: Browser;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'invigil-proctored-'));
  const cameraPath = join(folder, 'camera.y4m');
  writeAstronautCamera(cameraPath);
  server = await startServer({ folder });
  browser = await chromium.launch(launchOptions(fakeCameraArguments(cameraPath)));
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const post = async (path: string, body: object): Promise<Record<string, unknown>> => {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(server.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(answer.ok).toBe(true);
  return (await answer.json()) as Record<string, unknown>;
};

test(
  'shows the proctor the readings of a student’s own browser, and both the report after the end',
  { timeout: 2 * prepareLimitMs },
  async () => {
    await post('/api/v1/exams', { exam_id: 'camera', title: 'With a camera', policy: { live_view: 'thumbnails' } });
    const { session_id: sessionId } = await post('/api/v1/session/start', { exam_id: 'camera', member_id: 'ada' });
    const teacher = await browser.newPage({ locale: 'en-GB' });
    await teacher.goto(`${server.url}/proctor/?exam=camera`);
    await teacher.locator('[data-exam-status=SCHEDULED]').waitFor();
    await teacher.getByTestId('step-open').click();
    await teacher.getByTestId('step-start').click();

    const student = await (await browser.newContext({ locale: 'en-GB' })).newPage();
    await student.goto(`${server.url}/exam/?session=${String(sessionId)}`);
    await student.getByTestId('consent').click();
    await student.locator('[data-exam-stage=running]').waitFor({ timeout: prepareLimitMs });

    const tile = teacher.locator('.tile');
    await teacher.locator('.tile[data-delivery=live]').waitFor({ timeout: prepareLimitMs });
    expect(await tile.innerText()).toContain('ada');
    await expect.poll(() => tile.innerText(), { timeout: 20_000 }).toMatch(/Faces\s+\d[^]*Observed/);

    // The policy allows the teacher to watch; the student sees when it starts and ends.
    await tile.locator('img').waitFor({ timeout: 20_000 });
    await expect
      .poll(() => tile.locator('img').evaluate((image: HTMLImageElement) => [image.naturalWidth, image.naturalHeight]))
      .toEqual([160, 120]);
    const watched = student.getByTestId('watched');
    await watched.waitFor();
    await student.getByText(/Small images sent so far: \d/).waitFor();
    await teacher.goto('about:blank');
    await watched.waitFor({ state: 'detached', timeout: 20_000 });
    await teacher.goBack();

    await teacher.getByTestId('step-complete').click();
    await teacher.getByTestId('confirm-yes').click();
    await teacher.locator('[data-exam-status=COMPLETED]').waitFor();
    await student.locator('[data-exam-stage=over]').waitFor({ timeout: 30_000 });
    await teacher.getByRole('link', { name: 'ada' }).click();
    await teacher.getByTestId('coverage').waitFor();
    expect(await teacher.getByTestId('decision').innerText()).toContain('Nobody has reviewed');
  },
);
