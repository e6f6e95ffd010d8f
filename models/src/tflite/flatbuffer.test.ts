import { expect, test } from 'vitest';
import { FlatBuffer } from './flatbuffer.ts';

/** A root table whose fields are a byte (7), an int (-5), a vector of two ints, and nothing. */
const bytes = () => {
  const buffer = Buffer.alloc(48);
  buffer.writeUInt32LE(16, 0);
  // vtable at 4: its size, the table's size, then the positions of four fields.
  [12, 16, 4, 8, 12, 0].forEach((value, i) => buffer.writeUInt16LE(value, 4 + i * 2));
  buffer.writeInt32LE(12, 16);
  buffer.writeInt8(7, 20);
  buffer.writeInt32LE(-5, 24);
  buffer.writeUInt32LE(8, 28);
  buffer.writeUInt32LE(2, 36);
  buffer.writeInt32LE(11, 40);
  buffer.writeInt32LE(12, 44);
  return new FlatBuffer(buffer);
};

test('returns the fields of a table by their number', () => {
  const file = bytes();
  expect(file.byte(file.root, 0)).toBe(7);
  expect(file.int(file.root, 1)).toBe(-5);
  expect(file.ints(file.root, 2)).toEqual([11, 12]);
  expect(file.data(file.root, 2)).toHaveLength(2);
});

test('returns a default for fields that are absent, or newer than the file', () => {
  const file = bytes();
  expect(file.int(file.root, 3, 9)).toBe(9);
  expect(file.byte(file.root, 8, 1)).toBe(1);
  expect(file.ints(file.root, 3)).toEqual([]);
  expect(file.table(file.root, 3)).toBeNull();
});
