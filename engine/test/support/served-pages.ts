import { afterAll, beforeAll } from 'vitest';
import { TestPages } from '@invigil/testkit/browser/test-pages';
import { RealServer } from '@invigil/testkit/server/real-server';

interface ServedPages {
  readonly pages: TestPages;
  /** Accepts the pages' origin. */
  readonly server: RealServer;
}

/** Pages in a browser and a real server, for all tests of the file; read the members inside a test only. */
export const useServedPages = (): ServedPages => {
  let pages: TestPages;
  let server: RealServer;
  beforeAll(async () => {
    pages = await TestPages.open();
    server = await RealServer.start({ ALLOWED_ORIGINS: new URL(pages.url).origin });
  }, 60_000);
  afterAll(async () => {
    await pages?.close();
    await server?.close();
  });
  return {
    get pages() {
      return pages;
    },
    get server() {
      return server;
    },
  };
};
