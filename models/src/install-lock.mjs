import { open, readFile, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';

import { isSystemError } from './system-error.mjs';

const HEARTBEAT_MS = 1_000;
const STALE_AFTER_MS = 15_000;
const POLL_MS = 200;

/**
 * Lets one installer work in a folder at a time. It saves a second download; it is not needed for safety, because
 * every write of an installer is either atomic or idempotent. A lock whose owner died is taken over.
 *
 * @param {string} lockFile
 * @param {(owner: string) => void} onWait called once when another installer is at work
 * @returns {Promise<() => Promise<void>>} releases the lock
 */
export async function acquireInstallLock(lockFile, onWait) {
  const self = `${process.pid} ${hostname()}`;
  for (let told = false; ;) {
    try {
      const handle = await open(lockFile, 'wx');
      await handle.writeFile(self);
      await handle.close();
      const heartbeat = setInterval(() => {
        const now = new Date();
        // A folder that was removed meanwhile has no lock to keep alive.
        utimes(lockFile, now, now).catch(() => clearInterval(heartbeat));
      }, HEARTBEAT_MS).unref();
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
    await new Promise((resume) => setTimeout(resume, POLL_MS));
  }
}

/**
 * @param {string} lockFile
 * @returns {Promise<string | null>} null when nobody holds the lock any more
 */
async function liveOwner(lockFile) {
  try {
    const [owner, { mtimeMs }] = await Promise.all([readFile(lockFile, 'utf8'), stat(lockFile)]);
    if (Date.now() - mtimeMs > STALE_AFTER_MS) return null;
    const [pid, host] = owner.split(' ');
    // An empty lock is being written right now.
    const isDead = pid !== '' && host === hostname() && !isRunning(Number(pid));
    return isDead ? null : `process ${owner}`;
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return null;
    throw error;
  }
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isSystemError(error, 'EPERM');
  }
}
