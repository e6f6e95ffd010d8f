import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readStudentList } from './student-list.ts';

const students = (text: string) => {
  const list = readStudentList(text);
  return list.ok ? list.students : list.problems;
};

describe('a list of students', () => {
  test.each([
    ['commas', 'student_id,student_name\nada,"Lovelace, Ada"\n'],
    ['semicolons', 'student_id;student_name\r\nada;Lovelace, Ada\r\n'],
    ['tabs, and a byte order mark', '\uFEFFstudent_id\tstudent_name\nada\tLovelace, Ada'],
    ['capitals in the header, another order', 'Student_Name,Student_ID\n"Lovelace, Ada", ada \n\n'],
  ])('with %s', (_what, text) => {
    expect(students(text)).toEqual([{ student_id: 'ada', student_name: 'Lovelace, Ada' }]);
  });

  test('names its other columns', () => {
    expect(readStudentList('student_id,course,seat\nada,physics,4')).toEqual({
      ok: true,
      students: [{ student_id: 'ada' }],
      ignoredColumns: ['course', 'seat'],
    });
  });

  test('may repeat a student, but not under two names', () => {
    expect(students('student_id,student_name\nada,Ada\nada,Ada')).toHaveLength(1);
    expect(students('student_id,student_name\nada,Ada\nbob,Bob\nada,Eve')).toEqual([
      'line 4: ada has another name in line 2',
    ]);
  });

  test('names every invalid line', () => {
    expect(students(`student_id,student_name\na b,Ada\nbob,${'x'.repeat(201)}\n,Eve`)).toEqual([
      'line 2: student_id is "a b"; allowed: letters, digits and _ - . ~ @',
      'line 3: student_name is longer than 200 characters',
      'line 4: student_id is ""; allowed: letters, digits and _ - . ~ @',
    ]);
  });

  test('of more than 50,000 lines is refused', () => {
    const lines = Array.from({ length: 50_001 }, () => 'ada').join('\n');
    expect(students(`student_id\n${lines}`)).toEqual(['the file lists 50001 students; allowed: 50000']);
  });

  test('counts lines as an editor does, also after a name with a line break', () => {
    expect(students('student_id,student_name\nada,"Ada\nLovelace"\n\na b,Bob')).toEqual([
      'line 5: student_id is "a b"; allowed: letters, digits and _ - . ~ @',
    ]);
  });

  test('may add a name to a student who was listed without one only in one line', () => {
    expect(students('student_id,student_name\nada,\nada,Ada')).toEqual(['line 3: ada has another name in line 2']);
  });

  test.each([
    ['student_id,Student_ID\nada,bob', 'line 1: there are several columns student_id'],
    ['student_id,student_name,student_name\nada,Ada,Eve', 'line 1: there are several columns student_name'],
  ])('%j does not say which column counts', (text, problem) => expect(students(text)).toEqual([problem]));

  test.each([
    ['', /student_id is missing/],
    ['name\nAda', /student_id is missing/],
    ['student_id', /lists no students/],
    ['student_id,student_name\nada', /not a CSV file: .*line 2/],
    ['student_id\n"ada', /not a CSV file/],
  ])('%j is refused', (text, problem) => {
    expect(students(text)).toEqual([expect.stringMatching(problem)]);
  });

  test('survives any text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (header, rest) => {
        const list = readStudentList(`student_id,${header}\n${rest}`);
        expect(list.ok ? list.students.length : list.problems.length).toBeGreaterThan(0);
      }),
    );
  });
});
