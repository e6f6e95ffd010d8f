import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { rosterMessage } from './roster-message.ts';
import { decode, encode, isFrom } from './wire-text.ts';
import { wireNames } from './wire-names.ts';

describe('the replicas’ own messages', () => {
  test('arrive as they were sent, with their sender', () => {
    fc.assert(
      fc.property(fc.string(), fc.dictionary(fc.string(), fc.jsonValue()), (replicaId, fields) => {
        const message = JSON.parse(JSON.stringify(fields)) as object;
        expect(decode('exams.e1.all', encode(replicaId, 'exams.e1.all', message))).toEqual({
          from: replicaId,
          message,
        });
      }),
      { numRuns: 50 },
    );
  });

  test.each(['', 'null', '[]', '7', '{"from":7,"message":{}}', '{"from":"a","message":null}', '{"from":"a"}'])(
    'are not made up from %j',
    (text) => {
      expect(decode('exams.e1.all', text)).toBeNull();
    },
  );
});

test.each(['exams.e1.all', 'classrooms.c1.presence'])(
  'a replica recognises its own messages on %s, and no others',
  (subject) => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.dictionary(fc.string(), fc.jsonValue()), (own, other, message) => {
        expect(isFrom(own, subject, encode(own, subject, message))).toBe(true);
        expect(isFrom(own, subject, encode(other, subject, message))).toBe(own === other);
      }),
      { numRuns: 50 },
    );
  },
);

describe('documented events', () => {
  const subject = 'classrooms.c1.presence';

  test('are plain on the bus, with their replica beside the documented fields', () => {
    expect(JSON.parse(encode('r1', subject, { type: 'event', label: 'x' }))).toEqual({
      type: 'event',
      label: 'x',
      replica_id: 'r1',
    });
  });

  test('lose the replica again when they are read', () => {
    expect(decode(subject, encode('r1', subject, { type: 'event' }))).toEqual({
      from: 'r1',
      message: { type: 'event' },
    });
  });

  test('of another program have no replica', () => {
    expect(decode(subject, '{"type":"event"}')).toEqual({ from: null, message: { type: 'event' } });
  });

  test.each(['no JSON', '"text"', 'null', '{"replica_id":7}'])('are not read from %j', (text) => {
    expect(decode(subject, text)).toBeNull();
  });
});

describe('names on the bus', () => {
  const subjects = ['classrooms.c1.presence', 'exams.e1.all', 'invigil.classrooms'];

  test.each([
    ['', 'invigil.'],
    ['school-a.', 'invigil.'],
    ['school-a:', ''],
  ])('lead back to their subject with the prefix %j and %j', (prefix, own) => {
    const names = wireNames(prefix, own);
    for (const subject of subjects) expect(names.subjectOf(names.nameOf(subject))).toBe(subject);
  });

  test('of two installations with different prefixes never meet', () => {
    const [one, other] = [wireNames('a.', 'invigil.'), wireNames('b.', 'invigil.')];
    expect(subjects.filter((subject) => one.nameOf(subject) === other.nameOf(subject))).toEqual([]);
  });
});

describe('a message about a roster', () => {
  const Schema = rosterMessage(v.object({ name: v.string() }));
  const item = ['s1', 5, { name: 'Ada' }];

  test.each([
    { kind: 'set', replica: 'r', version: 1, item },
    { kind: 'whole', replica: 'r', version: 1, begins: true, items: [] },
    { kind: 'delete', replica: 'r', version: 1, key: 's1' },
    { kind: 'changes', replica: 'r', version: 1, items: [item], gone: ['s2'] },
    { kind: 'ask', replica: 'r' },
  ])('is read: %j', (message) => {
    expect(v.parse(Schema, message)).toEqual(message);
  });

  test.each([
    ['of an unknown kind', { kind: 'clear', replica: 'r', version: 1 }],
    ['without a version, so that a gap would go unnoticed', { kind: 'set', replica: 'r', item }],
    ['with an entry of another roster', { kind: 'set', replica: 'r', version: 1, item: ['s1', 5, { title: 'x' }] }],
    [
      'with one bad entry among good ones',
      { kind: 'whole', replica: 'r', version: 1, begins: true, items: [item, []] },
    ],
    ['without its sender', { kind: 'ask' }],
  ])('%s is refused', (_name, message) => {
    expect(v.is(Schema, message)).toBe(false);
  });
});
