import { expect, test } from 'vitest';
import { isCluster, redisNodes } from './redis-nodes.ts';

test.each([
  ['redis://localhost:6379', ['redis://localhost:6379']],
  ['redis://localhost:6379/3', ['redis://localhost:6379/3']],
  ['redis://a:1,redis://b:2', ['redis://a:1', 'redis://b:2']],
  ['redis://a:1, b:2 ,c', ['redis://a:1', 'redis://b:2', 'redis://c']],
  ['rediss://:p%2Cw@a:1,b:2', ['rediss://:p%2Cw@a:1', 'rediss://:p%2Cw@b:2']],
  ['redis://ada:pw@a:1,b:2/0', ['redis://ada:pw@a:1', 'redis://ada:pw@b:2/0']],
  ['redis://[::1]:1,[::1]:2', ['redis://[::1]:1', 'redis://[::1]:2']],
])('%s names its nodes', (value, nodes) => {
  expect(redisNodes(value)).toEqual(nodes);
});

test.each([
  '',
  'a:6379',
  'http://a:1',
  'redis://a:1,',
  'redis://a:1,,redis://b:1',
  'redis://a:1,rediss://b:1',
  'redis://a:1/1,redis://b:1',
  'redis://a:1,redis://b:1/1',
  'redis://a:1,b:port',
])('%j is refused', (value) => {
  expect(redisNodes(value)).toBeNull();
});

test('several nodes are a cluster', () => {
  expect(isCluster(['redis://a'])).toBe(false);
  expect(isCluster(['redis://a', 'redis://b'])).toBe(true);
});
