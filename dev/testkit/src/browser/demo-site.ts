import { join } from 'node:path';
import { pageCamera } from '../cameras/page-camera.ts';
import { ScriptInjectingProxy } from '../network/script-injecting-proxy.ts';
import { repositoryFolder } from '../repository.ts';
import { RealServer } from '../server/real-server.ts';
import { problemCollector } from './page-problems.ts';

/** The real server with the built pages, which find a camera in every browser. */
export class DemoSite {
  readonly server: RealServer;
  readonly #proxy: ScriptInjectingProxy;

  private constructor(server: RealServer, proxy: ScriptInjectingProxy) {
    this.server = server;
    this.#proxy = proxy;
  }

  /** @param script runs in each page before its own scripts, after the camera is installed. */
  static async start(script = ''): Promise<DemoSite> {
    const server = await RealServer.start({ DEMO_DIR: join(repositoryFolder, 'demo/dist/site') });
    const camera = pageCamera();
    const scripts = problemCollector + camera.script + script;
    return new DemoSite(server, await ScriptInjectingProxy.start(server.url, scripts, camera.files));
  }

  get url(): string {
    return this.#proxy.url;
  }

  /** Requests that reached the server, oldest first. */
  get served(): readonly { path: string; bytes: number }[] {
    return this.#proxy.served;
  }

  async close(): Promise<void> {
    await this.#proxy.close();
    await this.server.close();
  }
}
