import { expect, test, vi } from 'vitest';
import { ProctorError } from '../errors/proctor-error.ts';
import type { ProctorFailure } from '../errors/proctor-error.ts';
import { Emitter } from './emitter.ts';
import { observerListeners } from './observer-listeners.ts';
import type { ProctorEvents } from './proctor.ts';

test.each<[ProctorFailure, recoverable: boolean, isFatal: boolean]>([
  ['engine_unavailable', false, true],
  ['engine_out_of_memory', false, true],
  ['engine_file_unreachable', false, true],
  ['engine_out_of_memory', true, false],
  ['engine_restarted', true, false],
  ['camera_lost', false, false],
])('%s, recoverable: %s, ends the image analysis: %s', (reason, recoverable, isFatal) => {
  const events = new Emitter<ProctorEvents>();
  const emitted: ProctorError[] = [];
  events.on('error', (error) => emitted.push(error));
  const onFatal = vi.fn<() => void>();
  const { onError } = observerListeners({
    events,
    state: () => ({ state: 'idle' }),
    setState: () => undefined,
    running: () => null,
    onFatal,
  });
  const error = new ProctorError(reason, { recoverable });
  onError(error);
  expect(emitted).toEqual([error]);
  expect(onFatal).toHaveBeenCalledTimes(isFatal ? 1 : 0);
});
