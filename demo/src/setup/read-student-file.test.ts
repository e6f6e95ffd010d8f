import { isId } from '@invigil/protocol/frame';
import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, test } from 'vitest';
import { decodeStudentFile, readStudentFile } from './read-student-file.ts';

const added = (text: string) =>
  readStudentFile(text)
    .filter(({ problem }) => problem === null)
    .map(({ studentId, name }) => [studentId, name]);

describe('students of a CSV file', () => {
  test.each([
    ['commas', 's-1,Ada Lovelace\ns-2,Grace'],
    ['semicolons', 's-1;Ada Lovelace\ns-2;Grace'],
    ['tabs', 's-1\tAda Lovelace\r\ns-2\tGrace\r\n'],
    ['quotes', '"s-1","Ada Lovelace"\n"s-2","Grace"'],
    ['blanks', 's-1;"Ada Lovelace"\n s-2 ; Grace '],
    ['a byte order mark and empty lines', '\uFEFFs-1,Ada Lovelace\n\n,\ns-2,Grace\n\n'],
    ['a header', 'student_id,student_name\ns-1,Ada Lovelace\ns-2,Grace'],
    ['a German header in another order', 'Name;Matrikelnummer\nAda Lovelace;s-1\nGrace;s-2'],
    ['given and family names', 'Apellidos,Nombre,Número\nLovelace,Ada,s-1\n,Grace,s-2'],
    ['other columns', 'email,id,full name,group\na@x.example,s-1,Ada Lovelace,3\nb@x.example,s-2,Grace,4'],
  ])('are read with %s', (_what, text) => {
    expect(added(text)).toEqual([
      ['s-1', 'Ada Lovelace'],
      ['s-2', 'Grace'],
    ]);
  });

  test('need no name', () => {
    expect(added('s-1\ns-2')).toEqual([
      ['s-1', null],
      ['s-2', null],
    ]);
  });

  test('are reported by line with what is wrong', () => {
    const text = [
      'id,name',
      's-1,"Lovelace,\nAda"',
      ',Nobody',
      '/etc,Eve',
      's-1,Again',
      `s-2,${'x'.repeat(201)}`,
      's-3,"Open',
    ].join('\n');
    expect(readStudentFile(text).map(({ line, problem }) => [line, problem])).toEqual([
      [2, null],
      [4, 'no_number'],
      [5, 'bad_number'],
      [6, 'repeated'],
      [7, 'long_name'],
      [8, 'quotes'],
    ]);
  });

  test('are none in an empty file', () => {
    for (const text of ['', '\n', '\uFEFF', 'id,name\n']) expect(readStudentFile(text)).toEqual([]);
  });

  test('are read back from any file that a spreadsheet writes', () => {
    const name = fc.string({ maxLength: 12, unit: 'grapheme' }).map((text) => text.trim());
    const student = fc.record({ id: fc.integer({ min: 1, max: 99_999 }), name });
    fc.assert(
      fc.property(fc.uniqueArray(student, { maxLength: 8, selector: ({ id }) => id }), (students) => {
        const rows = students.map(({ id, name: text }) => [`s-${id}`, text]);
        const text = Papa.unparse([['id', 'name'], ...rows], { quotes: true });
        expect(added(text)).toEqual(rows.map(([id, named]) => [id, named === '' ? null : named]));
      }),
    );
  });

  test('have a valid number if they can be added, whatever the file holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        expect(added(text).filter(([id]) => !isId(id))).toEqual([]);
      }),
    );
  });
});

describe('the text of a file', () => {
  const zoe = 'Zoë';
  test.each([
    ['UTF-8', new TextEncoder().encode(zoe)],
    ['UTF-16 with a mark', new Uint8Array([0xff, 0xfe, 0x5a, 0, 0x6f, 0, 0xeb, 0])],
    ['big-endian UTF-16', new Uint8Array([0xfe, 0xff, 0, 0x5a, 0, 0x6f, 0, 0xeb])],
    ['the Western code page of Windows', new Uint8Array([0x5a, 0x6f, 0xeb])],
  ])('is decoded from %s', (_what, bytes) => {
    expect(decodeStudentFile(bytes)?.replace('\uFEFF', '')).toBe(zoe);
  });

  test('is none for a binary file', () => {
    expect(decodeStudentFile(new Uint8Array([0x50, 0x4b, 0, 0]))).toBeNull();
  });
});
