/** The real server, as its environment says, in a process that can be asked what it used. */
import { mkdir, writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import { dirname } from 'node:path';
import { createIngest, loadConfig } from '@invigil/ingest';
import { answerParent } from './measured-process.mjs';

const ingest = createIngest(loadConfig(process.env));
const { port } = await ingest.listen();
const inspector = new Session();

answerParent({
  async startProfile() {
    inspector.connect();
    await inspector.post('Profiler.enable');
    await inspector.post('Profiler.start');
  },
  async stopProfile({ file }) {
    const { profile } = await inspector.post('Profiler.stop');
    inspector.disconnect();
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, JSON.stringify(profile));
  },
});
process.once('SIGTERM', () => ingest.close().then(() => process.exit(0)));
process.send({ started: { port } });
