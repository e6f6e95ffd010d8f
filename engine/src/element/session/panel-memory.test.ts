// @vitest-environment happy-dom
import type { Observation } from '@invigil/protocol/rules';
import { beforeEach, expect, test } from 'vitest';
import { panelMemory } from './panel-memory.ts';

beforeEach(() => sessionStorage.clear());

const observation = { id: 'o1', type: 'face_absent', from_ms: 1, to_ms: 2 } as Observation;

test('has nothing of a session that this tab has not run', () => {
  panelMemory.set('other', { sinceMs: 5, without: 'camera', noted: [], lastReadMessage: null });
  expect(panelMemory.get('s')).toEqual({ sinceMs: null, without: null, noted: [], lastReadMessage: null });
});

test('keeps the start, the missing part, the last message that was read, and the notes, which no longer run after a reload', () => {
  panelMemory.set('s', {
    sinceMs: 5,
    without: 'camera',
    noted: [{ observation, running: true }],
    lastReadMessage: 'm1',
  });
  expect(panelMemory.get('s')).toEqual({
    sinceMs: 5,
    without: 'camera',
    noted: [{ observation, running: false }],
    lastReadMessage: 'm1',
  });
});

test.each(['{', '[]', '{"noted":5,"sinceMs":"x","without":"everything"}', 'null'])(
  'starts again from %s in the storage',
  (text) => {
    sessionStorage.setItem('invigil-panel:s', text);
    expect(panelMemory.get('s')).toEqual({ sinceMs: null, without: null, noted: [], lastReadMessage: null });
  },
);
