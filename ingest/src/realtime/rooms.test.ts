import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Connection } from './connection.ts';
import { Rooms } from './rooms.ts';

const connections = Array.from({ length: 4 }, (_, id) => ({ id }) as unknown as Connection);

test('an empty room has no members, and leaving it is harmless', () => {
  const rooms = new Rooms();
  rooms.leave('physics', connections[0]!);
  expect(rooms.members('physics')).toEqual([]);
});

test('the members stay as they were when they were read, while others leave', () => {
  const rooms = new Rooms();
  for (const connection of connections) rooms.join('physics', connection);
  const members = rooms.members('physics');
  for (const member of members) rooms.leave('physics', member);
  expect(members).toEqual(connections);
  expect(rooms.members('physics')).toEqual([]);
});

test('each connection is in a room once, whatever the order of joining and leaving', () => {
  const step = fc.record({
    room: fc.constantFrom('physics', 'history'),
    who: fc.nat({ max: 3 }),
    joins: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const rooms = new Rooms();
      const expected = new Map([
        ['physics', new Set<number>()],
        ['history', new Set<number>()],
      ]);
      for (const { room, who, joins } of steps) {
        rooms[joins ? 'join' : 'leave'](room, connections[who]!);
        expected.get(room)![joins ? 'add' : 'delete'](who);
      }
      for (const [room, ids] of expected) {
        expect(rooms.members(room)).toEqual([...ids].map((id) => connections[id]));
      }
    }),
  );
});
