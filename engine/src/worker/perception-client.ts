import { PerceptionError } from './perception-error.ts';
import type { Perception, PerceptionOptions } from './perception.ts';

/** Types only so far; the worker follows. */
export function createPerception(_options: Partial<PerceptionOptions>): Perception {
  throw new PerceptionError('not_loaded', 'The perception worker is not built yet.');
}
