import { tmpdir } from 'node:os';
import { ChildService } from './child-service.ts';
import { freePort } from './free-port.ts';

/** A real Redis without persistence. @param folder its files, for a test that turns persistence on */
export const startRedis = async (folder = tmpdir()): Promise<ChildService & { url: string }> => {
  const port = await freePort();
  const service = new ChildService(port, [
    'redis-server',
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    folder,
  ]);
  return Object.assign(await service.start(), { url: `redis://127.0.0.1:${port}` });
};
