import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright';
import type { Browser } from 'playwright';
import { afterAll, beforeAll } from 'vitest';
import { launchOptions } from '@invigil/testkit/browser/chromium';
import { repositoryFolder } from '@invigil/testkit/repository';
import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';
import { startServer } from '@invigil/testkit/server/server-process';
import type { ServerProcess } from '@invigil/testkit/server/server-process';

interface DemoBrowser {
  readonly browser: Browser;
  /** Serves the built pages. */
  readonly server: ServerProcess;
}

/** A browser and a server with the built pages, for all tests of the file; read the members inside a test only. */
export const useDemoBrowser = (): DemoBrowser => {
  let browser: Browser;
  let server: ServerProcess;
  beforeAll(async () => {
    if (!existsSync(join(repositoryFolder, 'demo/dist/site/index.html')))
      throw new Error('the pages are not built: npm run build');
    server = await startServer({ folder: await makeFolder() });
    browser = await chromium.launch(launchOptions());
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    await removeFolders();
  });
  return {
    get browser() {
      return browser;
    },
    get server() {
      return server;
    },
  };
};
