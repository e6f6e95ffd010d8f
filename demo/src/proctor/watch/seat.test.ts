import { describe, expect, test } from 'vitest';
import { ambiguousSessions, seatsOf } from './seat.ts';
import type { SeatSources } from './seat.ts';

const student = (name: string) => ({ name, pageViolations: 0, hasSubmitted: false, answered: 0, hasEnded: false });
const sources = (more: Partial<SeatSources>): SeatSources => ({
  students: new Map([
    ['s-1', student('Ada')],
    ['s-2', student('Grace')],
    ['s-3', student('Grace')],
  ]),
  sessions: new Map(),
  members: new Map(),
  includesUnenrolled: true,
  ...more,
});
const there = { isPresent: true, lostAtMs: null };

describe('seats on the wall', () => {
  test('seats a session with its student, by name or by number', () => {
    const seats = seatsOf(
      sources({
        sessions: new Map([
          ['a', { name: 'Ada', ...there }],
          ['b', { name: 's-2', ...there }],
        ]),
      }),
    );
    expect(seats.map(({ key, sessionId }) => [key, sessionId])).toEqual([
      ['s-1', 'a'],
      ['s-2', 'b'],
      ['s-3', null],
    ]);
  });

  test('does not guess between students of the same name until the server states whose session it is', () => {
    const sessions = new Map([['g', { name: 'Grace', ...there }]]);
    expect(ambiguousSessions(sources({ sessions }))).toEqual(['g']);
    expect(seatsOf(sources({ sessions })).find(({ sessionId }) => sessionId === 'g')).toMatchObject({
      key: 'g',
      studentId: null,
    });
    const said = sources({ sessions, members: new Map([['g', 's-3']]) });
    expect(ambiguousSessions(said)).toEqual([]);
    expect(seatsOf(said).find(({ sessionId }) => sessionId === 'g')?.key).toBe('s-3');
  });

  test('keeps the seat of a student whose connection is lost, and assigns the next session to it', () => {
    const lost = new Map([['a', { name: 'Ada', isPresent: false, lostAtMs: null }]]);
    expect(seatsOf(sources({ sessions: lost }))[0]).toMatchObject({ sessionId: 'a', isPresent: false });
    const back = new Map([...lost, ['a2', { name: 'Ada', ...there }]]);
    expect(seatsOf(sources({ sessions: back }))[0]).toMatchObject({ sessionId: 'a2', isPresent: true });
  });

  test('shows two connected sessions of one student as two seats', () => {
    const sessions = new Map([
      ['a', { name: 'Ada', ...there }],
      ['a2', { name: 'Ada', ...there }],
    ]);
    expect(
      seatsOf(sources({ sessions }))
        .filter(({ studentId }) => studentId === 's-1')
        .map(({ key }) => key),
    ).toEqual(['s-1', 'a2']);
  });

  test('leaves out people who are not enrolled if the list may include other exams', () => {
    const sessions = new Map([['x', { name: 'Somebody', ...there }]]);
    expect(seatsOf(sources({ sessions, includesUnenrolled: false }))).toHaveLength(3);
    expect(seatsOf(sources({ sessions }))).toHaveLength(4);
  });
});
