import { expect, test } from 'vitest';
import { findChannel } from './channel.ts';
import type { Channel } from './channel.ts';

const channelAt = (name: string, path: RegExp): Channel => ({ name, path, admit: async () => () => undefined });
const channels = [channelAt('exam', /^\/exams\/([^/]+)\/ws$/), channelAt('presence', /^\/ws\/presence$/)];

test('finds the channel of a path, with the path’s parameters', () => {
  const match = findChannel(channels, '/exams/physics/ws');
  expect(match?.channel.name).toBe('exam');
  expect(match?.path[1]).toBe('physics');
  expect(findChannel(channels, '/ws/presence')?.channel.name).toBe('presence');
});

test('finds no channel for a path that only contains one', () => {
  expect(findChannel(channels, '/exams/physics/ws/more')).toBeNull();
  expect(findChannel(channels, '/v2/ws/presence')).toBeNull();
});
