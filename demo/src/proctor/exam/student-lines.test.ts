import { describe, expect, test } from 'vitest';
import { readStudentLines } from './student-lines.ts';

describe('students as they are typed', () => {
  test('takes a number, and a name after it in any usual form', () => {
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

  test('says which line has no number', () => {
    expect(readStudentLines('s-1\n/etc, Eve')).toEqual({ ok: false, line: '/etc, Eve' });
  });
});
