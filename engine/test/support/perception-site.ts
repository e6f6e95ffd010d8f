import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import type { Browser, Page } from 'playwright';
import { build, defaultClientConditions } from 'vite';
import { composeImages } from '@invigil/testkit/images/compose-images';
import { launchOptions } from '@invigil/testkit/browser/chromium';
import { serveFolders } from '@invigil/testkit/server/file-server';
import type {} from '../perception-page/main.ts';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

type Server = Awaited<ReturnType<typeof serveFolders>>;

/** The engine's worker in a page of a real Chromium, with composed images under `/data/`. */
export class PerceptionSite {
  readonly #folder: string;
  readonly #server: Server;
  readonly #browser: Browser;

  private constructor(folder: string, server: Server, browser: Browser) {
    this.#folder = folder;
    this.#server = server;
    this.#browser = browser;
  }

  static async open(pictures: Parameters<typeof composeImages>[0]): Promise<PerceptionSite> {
    const folder = await mkdtemp(join(tmpdir(), 'invigil-perception-'));
    await build({
      configFile: false,
      logLevel: 'error',
      root: path('../perception-page'),
      base: './',
      resolve: { conditions: ['@invigil/source', ...defaultClientConditions] },
      worker: { format: 'es' },
      build: { outDir: join(folder, 'page'), target: 'es2023', minify: false, chunkSizeWarningLimit: 10_000 },
    });
    for (const { name, bytes } of await composeImages(pictures)) await writeFile(join(folder, name), bytes);
    const server = await serveFolders({
      '/data/': folder,
      '/models/': path('../../../models/weights'),
      '/': join(folder, 'page'),
    });
    return new PerceptionSite(folder, server, await chromium.launch(launchOptions()));
  }

  /** @param readMs how long one reading may take before the worker counts as lost. */
  async newPage(readMs = 3000): Promise<Page> {
    const page = await this.#browser.newPage();
    await page.goto(`${this.#server.url}?readMs=${readMs}`);
    return page;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#server.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
