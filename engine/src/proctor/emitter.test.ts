import { afterEach, expect, test, vi } from 'vitest';
import { Emitter } from './emitter.ts';

interface Events {
  frame: number;
  state: string;
}

afterEach(() => vi.unstubAllGlobals());

test('calls the listeners of an event, in the order in which they came', () => {
  const emitter = new Emitter<Events>();
  const heard: string[] = [];
  emitter.on('frame', (seq) => heard.push(`a ${seq}`));
  emitter.on('frame', (seq) => heard.push(`b ${seq}`));
  emitter.on('state', (state) => heard.push(state));
  emitter.emit('frame', 1);
  emitter.emit('state', 'running');
  expect(heard).toEqual(['a 1', 'b 1', 'running']);
});

test('a removed listener receives nothing more, and removing it twice is harmless', () => {
  const emitter = new Emitter<Events>();
  const heard: number[] = [];
  const remove = emitter.on('frame', (seq) => heard.push(seq));
  emitter.emit('frame', 1);
  remove();
  remove();
  emitter.emit('frame', 2);
  expect(heard).toEqual([1]);
});

test('a listener that removes itself while it is called does not silence the others', () => {
  const emitter = new Emitter<Events>();
  const heard: string[] = [];
  const remove = emitter.on('frame', () => {
    heard.push('once');
    remove();
  });
  emitter.on('frame', () => heard.push('always'));
  emitter.emit('frame', 1);
  emitter.emit('frame', 2);
  expect(heard).toEqual(['once', 'always', 'always']);
});

test('an error of the page’s listener is reported to the page, and the others are called', () => {
  const reported: unknown[] = [];
  vi.stubGlobal('reportError', (error: unknown) => reported.push(error));
  const emitter = new Emitter<Events>();
  const heard: number[] = [];
  const mistake = new Error('in the page');
  emitter.on('frame', () => {
    throw mistake;
  });
  emitter.on('frame', (seq) => heard.push(seq));
  emitter.emit('frame', 1);
  expect(heard).toEqual([1]);
  expect(reported).toEqual([mistake]);
});

test('an event without listeners goes nowhere', () => {
  expect(() => new Emitter<Events>().emit('frame', 1)).not.toThrow();
});
