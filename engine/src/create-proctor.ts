import type { Proctor } from './proctor.ts';
import { resolveOptions } from './proctor-options.ts';
import type { ProctorOptions } from './proctor-options.ts';
import { ProctorError } from './proctor-error.ts';

/** Types only so far; the sitting follows. */
export const createProctor = (options: ProctorOptions): Proctor => {
  resolveOptions(options);
  throw new ProctorError('engine_unavailable');
};
