import type { Features } from '@invigil/protocol/frame';
import { mayRunWithout } from '../connection/may-run-without.ts';
import type { SessionAddress } from '../connection/may-run-without.ts';
import { ProctorError } from '../errors/proctor-error.ts';
import type { ProctorFailure } from '../errors/proctor-error.ts';

/** What a session can run without, if the exam's policy allows it: its time is then not observed. */
export type MissingPart = 'camera' | 'image_analysis';

/** Why a session does not start, and whether `start({ without: part })` is allowed. */
export interface Lack {
  part: MissingPart;
  mayContinue: boolean;
}

const partOf = (failure: ProctorFailure): MissingPart | null => {
  if (failure.startsWith('camera_')) return 'camera';
  return failure.startsWith('engine_') ? 'image_analysis' : null;
};

/** @returns null if nothing is missing, or the server did not answer. */
export const lackOf = async (failure: ProctorFailure, address: SessionAddress): Promise<Lack | null> => {
  const part = partOf(failure);
  const allowed = part === null ? null : await mayRunWithout(address);
  return part === null || allowed === null ? null : { part, mayContinue: allowed[part] };
};

/** Rejects if the exam requires storage or locks that the browser does not have. */
export const requireBrowserParts = async (
  { storage_missing: storage, lock_missing: lock }: Pick<Features, 'storage_missing' | 'lock_missing'>,
  address: SessionAddress,
): Promise<void> => {
  if (storage !== 1 && lock !== 1) return;
  const allowed = await mayRunWithout(address);
  if (allowed === null) return;
  if (storage === 1 && !allowed.storage) throw new ProctorError('storage_required');
  if (lock === 1 && !allowed.lock) throw new ProctorError('lock_required');
};
