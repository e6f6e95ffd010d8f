import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
};

/** A page as the site's server sends it. */
export interface SitePage {
  body: string;
  type?: string;
  headers?: Record<string, string>;
}

/** An exam organiser's web site: a few pages, and the built modules in a separate folder. */
export class ExamSite {
  readonly pages = new Map<string, SitePage>();
  readonly #server: Server;
  readonly #modules: string;
  /** Headers of every response: a worker uses the policy that its own script was served with. */
  headers: Record<string, string> = {};

  private constructor(modules: string) {
    this.#modules = modules;
    this.#server = createServer((request, response) => {
      const path = new URL(request.url ?? '/', 'http://site').pathname;
      this.#answer(path).then(
        ({ body, type, headers }) =>
          response.writeHead(200, { 'Content-Type': type, ...this.headers, ...headers }).end(body),
        () => response.writeHead(404, this.headers).end(),
      );
    });
  }

  /** @param modules the folder that `npm run build` made. */
  static async open(modules: string): Promise<ExamSite> {
    const site = new ExamSite(modules);
    await new Promise<void>((resolve) => site.#server.listen(0, '127.0.0.1', resolve));
    return site;
  }

  get origin(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  async #answer(path: string): Promise<{ body: string | Buffer; type: string; headers: Record<string, string> }> {
    const page = this.pages.get(path);
    if (page !== undefined) {
      return { body: page.body, type: page.type ?? 'text/html; charset=utf-8', headers: page.headers ?? {} };
    }
    if (!path.startsWith('/invigil/')) throw new Error(`nothing at ${path}`);
    const body = await readFile(join(this.#modules, normalize(`/${path.slice('/invigil/'.length)}`)));
    return { body, type: types[extname(path)] ?? 'application/octet-stream', headers: {} };
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
