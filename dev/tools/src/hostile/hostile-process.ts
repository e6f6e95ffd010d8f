/** Runs attacks in a process of its own, which `runAttacks` starts. */
import { once, setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { attacks } from './attacks.ts';
import { examRequest } from './exam-server.ts';
import type { HostileOrder } from './hostile-order.ts';
import { yieldProcessor } from './yield-processor.ts';

yieldProcessor();
const [order] = (await once(process, 'message')) as [HostileOrder];
const { origin, names, memberId, token, session, seconds } = order;
const signal = AbortSignal.timeout(seconds * 1000);
// One for each open socket.
setMaxListeners(0, signal);
const exam = examRequest(origin);
const running = names.map(async (name) => attacks[name]?.({ exam, memberId, token, session, signal }));
await Promise.race([Promise.allSettled(running), delay(seconds * 1000 + 500)]);
process.exit(0);
