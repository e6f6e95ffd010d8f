import { setPriority } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { workerData } from 'node:worker_threads';
import type { StartedSession } from './exam-server.ts';
import { attacks } from './attacks.ts';
import { examRequest } from './exam-server.ts';

/** The thread's task. */
export interface HostileOrder {
  origin: string;
  names: readonly string[];
  memberId: string;
  token: string;
  session: StartedSession;
  seconds: number;
}

// The attacker of an exam has a machine of their own. This one must not take the processor of the server and of the measurement. On Linux, a
// priority belongs to the thread.
if (process.platform === 'linux') setPriority(19);
const { origin, names, memberId, token, session, seconds } = workerData as HostileOrder;
const signal = AbortSignal.timeout(seconds * 1000);
const exam = examRequest(origin);
const running = names.map(async (name) => attacks[name]?.({ exam, memberId, token, session, signal }));
await Promise.race([Promise.allSettled(running), delay(seconds * 1000 + 500)]);
process.exit(0);
