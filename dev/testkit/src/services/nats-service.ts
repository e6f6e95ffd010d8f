import { ChildService } from './child-service.ts';
import { freePort } from './free-port.ts';

/** A real NATS server without persistence. */
export const startNats = async (): Promise<ChildService & { url: string }> => {
  const port = await freePort();
  const service = new ChildService(port, ['nats-server', '--addr', '127.0.0.1', '--port', String(port)]);
  return Object.assign(await service.start(), { url: `nats://127.0.0.1:${port}` });
};
