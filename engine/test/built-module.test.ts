import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Proctor } from '../src/index.ts';
import { fakeCameraArguments, launchOptions } from '@invigil/testkit/browser/chromium';

const weights = fileURLToPath(new URL('../../models/weights/', import.meta.url));
const html =
  '<!doctype html><title>Any page</title><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>';
const script = `
  import { createProctor } from '/somewhere/deep/invigil.js';
  const proctor = createProctor({ serverUrl: location.origin, sessionId: 'plain' });
  globalThis.reading = new Promise((resolve, reject) => {
    proctor.on('reading', resolve);
    proctor.on('error', reject);
  });
  globalThis.proctor = proctor;
`;
const elementHtml = `<!doctype html><title>Any exam</title><link rel="icon" href="data:,">
  <script type="module" src="/somewhere/deep/element.js"></script>
  <invigil-proctor server-url="/" session-id="plain" token="none"></invigil-proctor>`;
const types: Record<string, string> = {
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
};
/** A page that allows only its own files. */
const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data:";

let folder: string;
let server: Server;
let origin: string;

/** A plain web server: the built module below /somewhere/deep/, the weights below /models/. */
const answer = async (path: string): Promise<{ type: string; body: Buffer | string }> => {
  if (path === '/') return { type: 'text/html', body: html };
  if (path === '/exam') return { type: 'text/html', body: elementHtml };
  if (path === '/page.js') return { type: 'text/javascript', body: script };
  const [root, rest] = path.startsWith('/models/')
    ? [weights, path.slice('/models/'.length)]
    : [folder, path.slice('/somewhere/deep/'.length)];
  return {
    type: types[extname(path)] ?? 'application/octet-stream',
    body: await readFile(join(root, normalize(`/${rest}`))),
  };
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'invigil-module-'));
  const configFile = fileURLToPath(new URL('../vite.config.ts', import.meta.url));
  await build({ configFile, logLevel: 'error', build: { outDir: folder } });
  server = createServer((request, response) => {
    answer(request.url ?? '/').then(
      ({ type, body }) =>
        response.writeHead(200, { 'Content-Type': type, 'Content-Security-Policy': policy }).end(body),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}, 120_000);

afterAll(async () => {
  server?.close();
  await rm(folder, { recursive: true, force: true });
});

test('the built module works on a page without a bundler, from any folder, under a strict content policy', async () => {
  const browser = await chromium.launch(launchOptions(fakeCameraArguments()));
  try {
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    await page.goto(origin);
    await page.waitForFunction(() => 'proctor' in globalThis);
    const reading = await page.evaluate(async () => {
      const { proctor, reading: first } = globalThis as unknown as { proctor: Proctor; reading: Promise<object> };
      await proctor.check();
      const found = await first;
      await proctor.stop();
      return found;
    });
    expect(reading).toMatchObject({ image_width: 640, image_height: 480, engine_backend: 'wasm' });
    expect(problems).toEqual([]);
  } finally {
    await browser.close();
  }
}, 120_000);

test('the built element has its colours on a page without a colour scheme, light and dark', async () => {
  const browser = await chromium.launch(launchOptions([]));
  try {
    const page = await browser.newPage();
    await page.goto(`${origin}/exam`);
    const button = page.locator('invigil-proctor').getByRole('button').first();
    const background = () => button.evaluate((element) => getComputedStyle(element).backgroundColor);
    expect(await background()).toBe('rgb(28, 102, 112)');
    await page.locator('html').evaluate((element) => (element.style.colorScheme = 'dark'));
    await expect.poll(background).toBe('rgb(116, 196, 205)');
  } finally {
    await browser.close();
  }
});
