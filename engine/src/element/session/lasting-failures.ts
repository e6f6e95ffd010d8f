import type { ProctorFailure } from '../../errors/proctor-error.ts';

/** Errors that remain until something changes; the others are momentary, or have their own stage or line. */
export const lastingFailures: ReadonlySet<ProctorFailure> = new Set([
  'camera_lost',
  'camera_blocked',
  'camera_muted',
  'camera_needs_touch',
  'storage_unavailable',
  'storage_full',
  'engine_unavailable',
  'engine_file_damaged',
  'engine_file_unreachable',
  'engine_out_of_memory',
]);
