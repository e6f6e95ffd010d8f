/** The real server, configured by its environment, in a process that reports its resources. */
import { mkdir, writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import { dirname } from 'node:path';
import { createIngest, loadConfig } from '@invigil/ingest';
import { answerParent, sendParent } from './measured-process.ts';
import type { ProcessAnswers, ServerAnswers } from './questions.ts';

const ingest = createIngest(loadConfig(process.env));
const { port } = await ingest.listen();
const inspector = new Session();

const answers: Omit<ServerAnswers, keyof ProcessAnswers> = {
  async startProfile() {
    inspector.connect();
    await inspector.post('Profiler.enable');
    await inspector.post('Profiler.start');
    return {};
  },
  async stopProfile({ file }) {
    const { profile } = await inspector.post('Profiler.stop');
    inspector.disconnect();
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, JSON.stringify(profile));
    return {};
  },
};
answerParent(answers);
process.once('SIGTERM', () => void ingest.close().then(() => process.exit(0)));
sendParent({ started: { port } });
