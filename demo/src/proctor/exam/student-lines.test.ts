import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readStudentLines } from './student-lines.ts';

describe('typed lists of students', () => {
  test('accept a number, optionally followed by a name in any usual form', () => {
    expect(readStudentLines('s-1, Ada Lovelace\n\n  s-2;Grace\ns-3\tAlan M. T.\r\ns-4\n')).toEqual({
      ok: true,
      students: [
        { student_id: 's-1', student_name: 'Ada Lovelace' },
        { student_id: 's-2', student_name: 'Grace' },
        { student_id: 's-3', student_name: 'Alan M. T.' },
        { student_id: 's-4' },
      ],
    });
  });

  test('report the line without a number', () => {
    expect(readStudentLines('s-1\n/etc, Eve')).toEqual({ ok: false, line: '/etc, Eve' });
  });

  test.each([
    'student_id,student_name\ns-1,Ada',
    'Student ID;Name\ns-1;Ada',
    'Matrikelnummer,Name\ns-1,Ada',
    '"id","name"\n"s-1","Ada"',
    '\uFEFFnumber\tname\r\ns-1\tAda\r\n',
  ])('skips the names of columns: %j', (text) => {
    expect(readStudentLines(text)).toEqual({ ok: true, students: [{ student_id: 's-1', student_name: 'Ada' }] });
  });

  test('takes a student who is called like a column, where nothing follows or others come first', () => {
    expect(readStudentLines('id')).toEqual({ ok: true, students: [{ student_id: 'id' }] });
    expect(readStudentLines('s-1\nid')).toMatchObject({ students: [{ student_id: 's-1' }, { student_id: 'id' }] });
  });

  test('reads quotes as spreadsheets write them, and leaves further columns out', () => {
    expect(readStudentLines('s-1,"Lovelace, Ada",ada@example.org\n"s-2","Grace ""Amazing"" Hopper"')).toEqual({
      ok: true,
      students: [
        { student_id: 's-1', student_name: 'Lovelace, Ada' },
        { student_id: 's-2', student_name: 'Grace "Amazing" Hopper' },
      ],
    });
  });

  test('reads back any list that a spreadsheet writes', () => {
    const cell = fc.string({ maxLength: 12 }).filter((text) => !/[\r\n]/.test(text) && text.trim() === text);
    const student = fc.record({ id: fc.integer({ min: 1, max: 99_999 }), name: cell });
    fc.assert(
      fc.property(fc.array(student, { maxLength: 8 }), (students) => {
        const text = students.map(({ id, name }) => `s-${id},"${name.replaceAll('"', '""')}"`).join('\r\n');
        expect(readStudentLines(text)).toEqual({
          ok: true,
          students: students.map(({ id, name }) => ({
            student_id: `s-${id}`,
            ...(name === '' ? {} : { student_name: name }),
          })),
        });
      }),
    );
  });
});
