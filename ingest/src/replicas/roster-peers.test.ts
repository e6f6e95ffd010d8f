import { expect, test } from 'vitest';
import { rosterSilenceMs } from './liveness.ts';
import { RosterPeers } from './roster-peers.ts';

interface Entry {
  name: string;
}

const set = (replica: string, version: number, key: string, sinceMs = 0) => ({
  kind: 'set' as const,
  replica,
  version,
  item: [key, sinceMs, { name: key }] as [string, number, Entry],
});
const whole = (replica: string, version: number, keys: readonly string[], begins = true) => ({
  kind: 'whole' as const,
  replica,
  version,
  begins,
  items: keys.map((key): [string, number, Entry] => [key, 0, { name: key }]),
});

const peers = () => {
  let nowMs = 1000;
  const own = new RosterPeers<Entry>(() => nowMs);
  return { own, advance: (ms: number) => (nowMs += ms), keys: () => [...own.all()].map(({ key }) => key) };
};

test('applies changes that follow each other', () => {
  const { own, keys } = peers();
  expect(own.apply(set('b', 0, 'ada', 5))).toBe('changed');
  expect(own.apply(set('b', 1, 'bob'))).toBe('changed');
  expect(own.apply({ kind: 'delete', replica: 'b', version: 2, key: 'bob' })).toBe('changed');
  expect(keys()).toEqual(['ada']);
  expect(own.find('ada')).toEqual([{ key: 'ada', replicaId: 'b', sinceMs: 5, entry: { name: 'ada' } }]);
  expect(own.replicasWith('ada')).toEqual(['b']);
});

test('requests the full list once when a message was missed, and again at the next beat', () => {
  const { own, keys } = peers();
  own.apply(set('b', 0, 'ada'));
  expect(own.apply(set('b', 2, 'eve'))).toBe('incomplete');
  expect(own.apply(set('b', 3, 'tom'))).toBe('unchanged');
  expect(own.apply({ kind: 'beat', replica: 'b', version: 3 })).toBe('incomplete');
  expect(own.apply(whole('b', 3, ['ada', 'eve', 'tom']))).toBe('changed');
  expect(own.apply({ kind: 'beat', replica: 'b', version: 3 })).toBe('unchanged');
  expect(keys()).toEqual(['ada', 'eve', 'tom']);
});

test('accepts a full list that arrives in several messages, and drops entries that it no longer holds', () => {
  const { own, keys } = peers();
  own.apply(whole('b', 1, ['old']));
  own.apply(whole('b', 7, ['ada']));
  own.apply(whole('b', 7, ['bob'], false));
  expect(keys()).toEqual(['ada', 'bob']);
});

test('keeps the entries of a full list until its last message, or until the next list if that one is lost', () => {
  const { own, keys } = peers();
  own.apply(whole('b', 1, ['ada', 'old']));
  expect(own.apply({ ...whole('b', 7, ['bob']), more: true })).toBe('unchanged');
  expect(own.apply({ kind: 'beat', replica: 'b', version: 7 })).toBe('incomplete');
  expect(own.apply({ ...whole('b', 7, ['bob']), more: true })).toBe('unchanged');
  expect(own.apply({ ...whole('b', 7, ['cleo'], false), more: true })).toBe('unchanged');
  expect(keys()).toEqual(['ada', 'old']);
  expect(own.apply({ ...whole('b', 7, ['ada'], false), more: false })).toBe('changed');
  expect(keys()).toEqual(['bob', 'cleo', 'ada']);
});

test.each([
  ['the first', [1, 2]],
  ['a middle', [0, 2]],
])('requests a full list again when %s part was lost, and keeps the entries until it arrives', (_which, arrive) => {
  const { own, keys } = peers();
  const part = (at: number) => ({ ...whole('b', 7, [`k${at}`], at === 0), more: at < 2, part: at });
  own.apply(whole('b', 6, ['ada']));
  expect(arrive.map((at) => own.apply(part(at)))).toEqual(['unchanged', 'incomplete']);
  expect(own.apply(set('b', 9, 'eve'))).toBe('unchanged');
  expect(keys()).toEqual(['ada']);
  expect([0, 1, 2].map((at) => own.apply(part(at)))).toEqual(['unchanged', 'unchanged', 'changed']);
  expect(keys()).toEqual(['k0', 'k1', 'k2']);
});

test('forgets a replica that stops or falls silent', () => {
  const { own, advance, keys } = peers();
  own.apply(whole('b', 1, ['ada']));
  own.apply(whole('c', 1, ['bob']));
  expect(own.apply({ kind: 'gone', replica: 'b' })).toBe('changed');
  expect(own.apply({ kind: 'gone', replica: 'b' })).toBe('unchanged');
  advance(rosterSilenceMs);
  expect(own.forgetSilent()).toBe('unchanged');
  advance(1);
  expect(own.forgetSilent()).toBe('changed');
  expect(keys()).toEqual([]);
});
