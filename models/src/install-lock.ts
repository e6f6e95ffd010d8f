import { open, readFile, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';

import { isSystemError } from './system-error.ts';

const heartbeatMs = 1_000;
const staleAfterMs = 15_000;
const pollMs = 200;

/**
 * Lets one installer work in a folder at a time. It saves a second download; it is not needed for safety, because
 * every write of an installer is either atomic or idempotent. A lock whose owner died is taken over.
 *
 * @param onWait called once when another installer is at work
 * @returns releases the lock
 */
export const acquireInstallLock = async (
  lockFile: string,
  onWait: (owner: string) => void,
): Promise<() => Promise<void>> => {
  const self = `${process.pid} ${hostname()}`;
  for (let told = false; ;) {
    try {
      const handle = await open(lockFile, 'wx');
      await handle.writeFile(self);
      await handle.close();
      const heartbeat = setInterval(() => {
        const now = new Date();
        // A folder that was removed in the meantime has no lock to keep alive.
        utimes(lockFile, now, now).catch(() => clearInterval(heartbeat));
      }, heartbeatMs).unref();
      return async () => {
        clearInterval(heartbeat);
        await rm(lockFile, { force: true });
      };
    } catch (error) {
      if (!isSystemError(error, 'EEXIST')) throw error;
    }
    const owner = await liveOwner(lockFile);
    if (owner === null) {
      await rm(lockFile, { force: true });
      continue;
    }
    if (!told) onWait(owner);
    told = true;
    await new Promise((resume) => setTimeout(resume, pollMs));
  }
};

/** @returns null if the lock is free */
const liveOwner = async (lockFile: string): Promise<string | null> => {
  try {
    const [owner, { mtimeMs }] = await Promise.all([readFile(lockFile, 'utf8'), stat(lockFile)]);
    if (Date.now() - mtimeMs > staleAfterMs) return null;
    const [pid, host] = owner.split(' ');
    // If the lock file is empty, another installer is writing it right now.
    const isDead = pid !== '' && host === hostname() && !isRunning(Number(pid));
    return isDead ? null : `process ${owner}`;
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return null;
    throw error;
  }
};

const isRunning = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isSystemError(error, 'EPERM');
  }
};
