import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright';
import { createServer, defaultClientConditions } from 'vite';
import type { ViteDevServer } from 'vite';
import { repositoryFolder } from '../repository.ts';
import { fakeCameraArguments, launchBrowser } from './chromium.ts';

/** Pages of a real Chromium with a fake camera, served from the engine's sources. */
export class TestPages {
  readonly context: BrowserContext;
  readonly url: string;
  readonly #browser: Browser;
  readonly #vite: ViteDevServer;

  private constructor(vite: ViteDevServer, browser: Browser, context: BrowserContext, url: string) {
    this.#vite = vite;
    this.#browser = browser;
    this.context = context;
    this.url = url;
  }

  static async open(): Promise<TestPages> {
    const vite = await createServer({
      root: fileURLToPath(new URL('./page', import.meta.url)),
      configFile: false,
      logLevel: 'error',
      cacheDir: fileURLToPath(new URL('../../node_modules/.vite-test-page', import.meta.url)),
      resolve: { conditions: ['@invigil/source', ...defaultClientConditions] },
      worker: { format: 'es' },
      server: {
        host: '127.0.0.1',
        port: 0,
        // A host name that makes the page insecure.
        allowedHosts: ['exam.test'],
        hmr: false,
        watch: null,
        fs: { allow: [repositoryFolder] },
      },
    });
    await vite.listen();
    const [url] = vite.resolvedUrls?.local ?? [];
    if (url === undefined) throw new Error('the page server has no address');
    const browser = await launchBrowser(fakeCameraArguments());
    return new TestPages(vite, browser, await browser.newContext({ permissions: ['camera'] }), url);
  }

  newContext(): Promise<BrowserContext> {
    return this.#browser.newContext();
  }

  async newPage(context: BrowserContext = this.context): Promise<Page> {
    const page = await context.newPage();
    await page.goto(this.url);
    await page.waitForFunction(() => 'invigil' in globalThis);
    return page;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#vite.close();
  }
}
