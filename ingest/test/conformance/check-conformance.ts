import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { removeFolders } from '@invigil/testkit/server/ingest-server';
import { startReplicas } from './replicas.ts';
import type { Replicas, ScriptSettings, Topology } from './replicas.ts';

/** Debian's own Python, which has the WebSocket client. */
const python = '/usr/bin/python3';

const runScript = (seed: number, settings: ScriptSettings): Promise<string> =>
  new Promise((resolve) => {
    const script = fileURLToPath(new URL(`seed-${seed}.py`, import.meta.url));
    execFile(python, ['-B', script, JSON.stringify(settings)], { timeout: 170_000 }, (error, stdout, stderr) => {
      resolve(error === null ? stdout : `${stdout}\n${stderr}`);
    });
  });

const linesOf = (output: string, word: string): string[] =>
  output.split('\n').filter((line) => line.startsWith(`${word} `));

/** Runs each seed's script, which knows only the documents, against the topology. */
export const checkConformance = (topology: Topology): void => {
  describe(`an independent client, with ${topology}`, () => {
    let replicas: Replicas;
    beforeAll(async () => {
      replicas = await startReplicas(topology);
    }, 120_000);
    afterAll(async () => {
      await replicas?.close();
      await removeFolders();
    });

    // The last one stops the students' replica.
    test.each([
      [0, 'live', 14],
      [3, 'exam', 17],
      [4, 'alerts', 12],
      [1, 'presence', 12],
    ] as const)(
      'finds seed %i (%s) as documented',
      async (seed, _name, checks) => {
        const output = await runScript(seed, replicas.settings);
        expect(linesOf(output, 'FAILED').length === 0 ? '' : output).toBe('');
        const done = linesOf(output, 'ok').length + linesOf(output, 'skip').length;
        expect(done < checks ? output : '').toBe('');
      },
      180_000,
    );
  });
};
