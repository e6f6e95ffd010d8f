import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { StartedSession } from './exam-server.ts';

/** The task of the attacking process. */
export interface HostileOrder {
  origin: string;
  names: readonly string[];
  memberId: string;
  token: string;
  session: StartedSession;
  seconds: number;
}

/**
 * Runs attacks in their own process: in a thread of the measuring process, compressing their messages would share its thread pool with the
 * messages of the honest students. Resolves when the time is up.
 */
export const runAttacks = async (order: HostileOrder): Promise<void> => {
  const attacker = fork(new URL('./hostile-process.ts', import.meta.url), { execArgv: process.execArgv });
  attacker.on('error', (error) => console.error(error));
  attacker.send(order);
  await once(attacker, 'exit');
};
