import Database from 'libsql';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keepStatements } from './keep-statements.ts';

let db: Database.Database;
let forget: () => void;
beforeEach(() => {
  db = new Database(':memory:');
  forget = keepStatements(db);
  db.exec('CREATE TABLE notes (text TEXT PRIMARY KEY)');
});
afterEach(() => {
  forget();
  db.close();
});

const add = (text: string): unknown => db.prepare('INSERT INTO notes VALUES (?)').run(text);
const all = (): unknown[] => db.prepare('SELECT * FROM notes ORDER BY text').all();

test('a statement is prepared once, and runs with other values each time', () => {
  add('a');
  add('b');
  expect(db.prepare('SELECT 1')).toBe(db.prepare('SELECT 1'));
  expect(db.prepare('SELECT 1')).not.toBe(db.prepare('SELECT 2'));
  expect(all()).toEqual([{ text: 'a' }, { text: 'b' }]);
});

test('a statement with hundreds of values is not kept', () => {
  const long = `SELECT ${Array<number>(500).fill(1).join(', ')}`;
  expect(db.prepare(long)).not.toBe(db.prepare(long));
});

test('a statement works again after it failed, and after a change of its table', () => {
  add('a');
  expect(() => add('a')).toThrow('UNIQUE');
  add('b');
  expect(all()).toHaveLength(2);
  db.exec("ALTER TABLE notes ADD COLUMN colour TEXT DEFAULT 'red'");
  expect(all()).toEqual([
    { text: 'a', colour: 'red' },
    { text: 'b', colour: 'red' },
  ]);
});

test('a text that is no statement throws each time', () => {
  expect(() => db.prepare('SELEKT')).toThrow('SELEKT');
  expect(() => db.prepare('SELEKT')).toThrow('SELEKT');
});
