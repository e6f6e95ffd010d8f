import fc from 'fast-check';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import {
  addressRanges,
  integer,
  originList,
  signingSecret,
  subjectPrefix,
  textList,
  url,
  webhookKeyOf,
  workerCount,
} from './setting.ts';

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

test('workerCount is a number from 1 to 256, or auto', () => {
  expect(['auto', '1', '256'].map((value) => v.parse(workerCount(''), value))).toEqual(['auto', 1, 256]);
  for (const value of ['AUTO', '0', '257', '1000', '-1', '1.5', '']) expect(v.is(workerCount(''), value)).toBe(false);
});

test('subjectPrefix has no wildcard of NATS or Redis, and ends with a dot', () => {
  const prefixes = ['uni-a.', 'uni.exams_2.', `${'x'.repeat(99)}.`];
  for (const value of prefixes) expect(v.is(subjectPrefix(''), value)).toBe(true);
  const others = ['uni', '.', 'a..', '.a.', '*.', '>.', 'a?.', '[a].', 'a b.', 'é.', `${'x'.repeat(100)}.`];
  for (const value of others) expect(v.is(subjectPrefix(''), value)).toBe(false);
});

test('textList trims its texts, none of which is empty', () => {
  expect(v.parse(textList(''), ' TEACHER , staff member')).toEqual(['TEACHER', 'staff member']);
  for (const value of ['', 'a,,b', 'a,', ' ']) expect(v.is(textList(''), value)).toBe(false);
});

test('addressRanges contain their first and last address, and no neighbour', () => {
  const ranges = v.parse(addressRanges(''), '10.1.2.0/23, 192.0.2.7,2001:db8::/127');
  const inside = ['10.1.2.0', '10.1.3.255', '192.0.2.7'];
  const outside = ['10.1.1.255', '10.1.4.0', '192.0.2.6', '192.0.2.8'];
  expect(inside.map((address) => ranges.check(address))).toEqual([true, true, true]);
  expect(outside.map((address) => ranges.check(address))).toEqual([false, false, false, false]);
  const sixes = ['2001:db8::', '2001:db8::1', '2001:db8::2'];
  expect(sixes.map((address) => ranges.check(address, 'ipv6'))).toEqual([true, true, false]);
});

test.each([
  '',
  'localhost',
  '10.0.0',
  '10.0.0.0/',
  '10.0.0.0/-1',
  '10.0.0.0/33',
  '10.0.0.0/8/8',
  '::/129',
  '10.0.0.1,',
])('addressRanges refuse %j', (value) => expect(v.is(addressRanges(''), value)).toBe(false));

test('signingSecret has the 32 characters that HS256 needs', () => {
  expect(v.is(signingSecret(''), 'x'.repeat(32))).toBe(true);
  expect(v.is(signingSecret(''), 'x'.repeat(31))).toBe(false);
});
