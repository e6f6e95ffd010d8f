import fc from 'fast-check';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { integer, originList, url, webhookKeyOf } from './setting.ts';

test('integer accepts whole numbers in its range only', () => {
  const schema = integer('', 5, 10);
  for (const value of ['5', '10']) expect(v.parse(schema, value)).toBe(Number(value));
  for (const value of ['4', '11', '5.5', '-5', '1e1', ' 5', '0x5', '']) expect(v.is(schema, value)).toBe(false);
});

test('url accepts the listed protocols only', () => {
  const schema = url('', ['redis:', 'rediss:']);
  expect(v.is(schema, 'redis://localhost:6379')).toBe(true);
  for (const value of ['http://localhost', 'localhost', '']) expect(v.is(schema, value)).toBe(false);
});

test('originList trims and rejects anything but origins', () => {
  expect(v.parse(originList(''), 'https://a.example, http://b.example:81')).toEqual([
    'https://a.example',
    'http://b.example:81',
  ]);
  for (const value of ['https://a.example/', 'a.example', '*', 'https://a.example,']) {
    expect(v.is(originList(''), value)).toBe(false);
  }
});

test('webhookKeyOf decodes keys of 24 to 64 bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      const key = Buffer.from(bytes);
      const decoded = webhookKeyOf(`whsec_${key.toString('base64')}`);
      expect(decoded).toEqual(key.length >= 24 && key.length <= 64 ? key : null);
    }),
  );
});
