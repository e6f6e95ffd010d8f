import { afterEach, beforeEach, expect, test } from 'vitest';
import * as v from 'valibot';
import { localBus } from '../../test/local-bus.ts';
import type { Bus } from '../bus/bus.ts';
import { rosterMessage } from '../bus/roster-message.ts';
import type { RosterMessage } from '../bus/roster-message.ts';
import { defineTopic } from '../bus/topic.ts';
import { Roster } from './roster.ts';

interface Seat {
  name: string;
}

const topic = defineTopic('roster.seats', rosterMessage<Seat>(v.object({ name: v.string() })));

let bus: Bus;
let rosters: Roster<Seat>[];
/** Messages about changes. */
let published: RosterMessage<Seat>[];
beforeEach(() => {
  bus = localBus();
  rosters = [];
  published = [];
  bus.subscribe(topic, [], (message) => {
    if (['set', 'delete', 'changes'].includes(message.kind)) published.push(message);
  });
});
afterEach(async () => {
  for (const roster of rosters) roster.close();
  await bus.close();
});

const replica = (replicaId: string): Roster<Seat> => {
  const roster = new Roster({ topic, replicaId, bus, now: Date.now });
  rosters.push(roster);
  return roster;
};
/** The messages of this turn of the event loop have arrived. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
const names = (roster: Roster<Seat>): string[] => roster.all().map(({ entry }) => entry.name);

test('a crowd that arrives at once, each with two changes, costs a few messages', async () => {
  const [here, there] = [replica('a'), replica('b')];
  await settle();
  for (let index = 0; index < 2500; index += 1) here.set(String(index), { name: 'unknown' });
  for (let index = 0; index < 2500; index += 1) here.set(String(index), { name: String(index) });
  expect(here.get('7')?.entry.name).toBe('7');
  await settle();
  expect(published.length).toBeLessThan(15);
  expect(names(there).toSorted()).toEqual(names(here).toSorted());
  expect(there.all()).toHaveLength(2500);
});

test('arrivals, departures and a return in one turn leave the last state everywhere', async () => {
  const [here, there] = [replica('a'), replica('b')];
  here.set('gone', { name: 'Gone' });
  here.set('back', { name: 'Back' });
  await settle();
  here.delete('gone');
  here.delete('back');
  here.set('back', { name: 'Back again' });
  here.set('brief', { name: 'Brief' });
  here.delete('brief');
  await settle();
  expect(names(there)).toEqual(['Back again']);
});

test('a single change is a message that earlier servers know', async () => {
  const here = replica('a');
  await settle();
  here.set('one', { name: 'One' });
  await settle();
  here.delete('one');
  await settle();
  expect(published.map(({ kind }) => kind)).toEqual(['set', 'delete']);
});

test('the list is made once for all readers, until something changes on any replica', async () => {
  const [here, there] = [replica('a'), replica('b')];
  here.set('one', { name: 'One' });
  await settle();
  const [own, other] = [here.all(), there.all()];
  expect(here.all()).toBe(own);
  here.set('two', { name: 'Two' });
  expect(names(here)).toEqual(['One', 'Two']);
  await settle();
  expect(names(there)).toEqual(['One', 'Two']);
  expect(other).toHaveLength(1);
});

test('listeners learn which entries changed, on this replica and on another, or that any may have', async () => {
  const [here, there] = [replica('a'), replica('b')];
  await settle();
  const seen: (string[] | null)[] = [];
  for (const roster of rosters) roster.onChange((keys) => seen.push(keys && [...keys].toSorted()));
  here.set('one', { name: 'One' });
  here.set('two', { name: 'Two' });
  await settle();
  here.delete('one');
  await settle();
  expect(seen).toEqual([['one', 'two'], ['one', 'two'], ['one'], ['one']]);
  here.close();
  await settle();
  expect(seen.at(-1)).toBeNull();
  expect(there.all()).toEqual([]);
});
