import { withDeadline } from '../timing/deadline.ts';

/** The browser may ask the user. */
const answerTimeoutMs = 60_000;

/**
 * Asks the browser not to delete this site's data when it needs space. @returns whether it agreed; users, private windows and
 * retention rules may still delete it.
 */
export const requestPersistentStorage = async (): Promise<boolean> => {
  const storage = (navigator as Partial<Navigator>).storage as Partial<StorageManager> | undefined;
  if (storage?.persist === undefined) return false;
  return withDeadline('navigator.storage.persist', answerTimeoutMs, storage.persist()).catch(() => false);
};
