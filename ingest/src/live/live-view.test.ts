import type { LiveFrame } from '@invigil/protocol/channels';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Bus } from '../bus/bus.ts';
import { anyWord } from '../bus/subject.ts';
import { topics } from '../bus/topics.ts';
import { localBus } from '../../test/local-bus.ts';
import { LiveView } from './live-view.ts';

let bus: Bus;
/** Frames sent over the bus. */
let crossed: object[];
let views: LiveView[];
beforeEach(() => {
  bus = localBus();
  crossed = [];
  bus.subscribe(topics.liveFrames, [anyWord], (message) => crossed.push(message));
  views = [];
});
afterEach(async () => {
  for (const view of views) view.close();
  await bus.close();
});

const replica = (replicaId: string): LiveView => {
  const view = new LiveView({ replicaId, bus, now: Date.now });
  views.push(view);
  return view;
};
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

const numbers = (index: number): LiveFrame => ({ sentinelId: 's', frameId: `f${index}`, index, data: null });
const picture = (index: number, data = 'AAAA'): LiveFrame => ({ ...numbers(index), data });
const ada = { examId: 'physics', name: 'Ada' };
const producer = () => {
  const sides: number[] = [];
  const watched: boolean[] = [];
  return {
    sides,
    watched,
    setResolution: (maxSidePx: number) => sides.push(maxSidePx),
    setWatched: (isWatched: boolean) => watched.push(isWatched),
  };
};
const watcher = (view: LiveView) => {
  const seen: number[] = [];
  const stop = view.watch('s', (frames) => seen.push(...frames.map(({ index }) => index)));
  return { seen, stop };
};

test('the last frame arrives at once, then every new one, on the same replica and on another', async () => {
  const [here, there] = [replica('a'), replica('b')];
  here.join('s', ada, producer());
  here.publish('s', [numbers(0), numbers(1)]);
  await settle();
  const near = watcher(here);
  expect(near.seen).toEqual([1]);
  const far = watcher(there);
  await settle();
  here.publish('s', [numbers(2), numbers(3)]);
  await settle();
  expect(near.seen).toEqual([1, 2, 3]);
  expect(far.seen).toEqual([1, 2, 3]);
});

test('frames cross the bus only while a proctor on another replica watches', async () => {
  const [here, there] = [replica('a'), replica('b')];
  here.join('s', ada, producer());
  await settle();
  watcher(here);
  here.publish('s', [numbers(0)]);
  await settle();
  expect(crossed).toHaveLength(0);
  const far = watcher(there);
  await settle();
  const before = crossed.length;
  here.publish('s', [numbers(1)]);
  await settle();
  expect(crossed).toHaveLength(before + 1);
  far.stop();
  await settle();
  here.publish('s', [numbers(2)]);
  await settle();
  expect(crossed).toHaveLength(before + 1);
  expect(far.seen).toEqual([0, 1]);
});

test('a new watcher gets the last image and the newer numbers', async () => {
  const [here, there] = [replica('a'), replica('b')];
  here.join('s', ada, producer());
  here.publish('s', [picture(0), picture(1)]);
  here.publish('s', [numbers(2)]);
  expect(watcher(here).seen).toEqual([1, 2]);
  await settle();
  const far = watcher(there);
  await settle();
  expect(far.seen).toEqual([1, 2]);
  here.publish('s', [picture(3)]);
  expect(watcher(here).seen).toEqual([3]);
});

test('a second watcher on another replica gets the last frame, and the first watcher does not get it again', async () => {
  const [here, there] = [replica('a'), replica('b')];
  here.join('s', ada, producer());
  here.publish('s', [numbers(0)]);
  await settle();
  const first = watcher(there);
  await settle();
  const second = watcher(there);
  await settle();
  here.publish('s', [numbers(1)]);
  await settle();
  expect([first.seen, second.seen]).toEqual([
    [0, 1],
    [0, 1],
  ]);
});

test('a sentinel that moves to another replica is still watched, and the late close of its old connection changes nothing', async () => {
  const [here, there] = [replica('a'), replica('b')];
  const leave = here.join('s', ada, producer());
  await settle();
  const { seen } = watcher(here);
  here.publish('s', [numbers(0)]);
  there.join('s', ada, producer());
  await settle();
  leave();
  await settle();
  expect(here.sentinels().map(({ key }) => key)).toEqual(['s']);
  there.publish('s', [numbers(1)]);
  await settle();
  expect(seen).toEqual([0, 1]);
});

test('a profile reaches every connection of the sentinel on any replica', async () => {
  const [here, there] = [replica('a'), replica('b')];
  const [one, two] = [producer(), producer()];
  here.join('s', ada, one);
  here.join('s', ada, two);
  await settle();
  there.setProfile('s', 'LOW');
  await settle();
  expect([one.sides, two.sides]).toEqual([[640], [640]]);
});

test('the size of kept images is bounded', () => {
  const here = replica('a');
  const megabytes = 'A'.repeat(10_000_000);
  for (let index = 0; index < 30; index++) {
    here.join(`s${index}`, ada, producer());
    here.publish(`s${index}`, [picture(index, megabytes)]);
  }
  const kept = Array.from({ length: 30 }, (_, index) => here.lastPictureOf(`s${index}`)).filter(
    (data) => data !== null,
  );
  expect(kept).toHaveLength(25);
});

test('a producer is notified when the first proctor on any replica starts to watch and the last one stops', async () => {
  const [here, there] = [replica('a'), replica('b')];
  const first = producer();
  here.join('s', ada, first);
  await settle();
  const [near, far] = [watcher(here), watcher(there)];
  await settle();
  // A later listener receives the current state once, and then each change once.
  const second = producer();
  here.join('s', ada, second);
  near.stop();
  await settle();
  expect([first.watched, second.watched]).toEqual([[true], [true]]);
  far.stop();
  await settle();
  expect([first.watched, second.watched]).toEqual([
    [true, false],
    [true, false],
  ]);
});
