import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { serverProgram } from '../repository.ts';

export interface ServerProcess {
  port: number;
  /** Its log so far. */
  logged(): Record<string, unknown>[];
  /** Ends it with a signal; resolves with its exit code, or null if the signal itself ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/**
 * The built server as a separate process, with its data under `folder`. Rejects with its output if it does not start.
 */
export const startServerProcess = async (
  folder: string,
  environment: Record<string, string> = {},
  words: readonly string[] = [],
): Promise<ServerProcess> => {
  const child = spawn(process.execPath, [serverProgram, ...words], {
    cwd: folder,
    env: { ...process.env, PORT: '0', DATA_DIR: join(folder, 'data'), DUMP_DIR: join(folder, 'dumps'), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const gone = new Promise<number | null>((resolve) => child.once('close', resolve));
  let output = '';
  const port = await new Promise<number>((resolve, reject) => {
    const read = (data: Buffer): void => {
      output += data.toString();
      const listening = /"event":"server.listening".*"port":(\d+)/.exec(output);
      if (listening !== null) resolve(Number(listening[1]));
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void gone.then((code) => reject(new Error(`exit code ${code}: ${output}`)));
  });
  return {
    port,
    logged: () =>
      output
        .split('\n')
        .slice(0, -1)
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line)),
    end(signal) {
      child.kill(signal);
      return gone;
    },
  };
};
