import { BlockList } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ClientAddresses } from './client-addresses.ts';

const trusted = new BlockList();
trusted.addSubnet('10.0.0.0', 8, 'ipv4');
trusted.addAddress('2001:db8::1', 'ipv6');
const addresses = new ClientAddresses(trusted);
const of = (remoteAddress: string, headers: Record<string, string> = {}): string =>
  addresses.of({ socket: { remoteAddress }, headers });

test.each([
  ['no header', {}, '10.0.0.1'],
  ['one proxy', { 'x-forwarded-for': '192.0.2.7' }, '192.0.2.7'],
  ['two proxies', { 'x-forwarded-for': '192.0.2.7, 10.1.1.1' }, '192.0.2.7'],
  ['an invented address before the real one', { 'x-forwarded-for': '198.51.100.1, 192.0.2.7' }, '192.0.2.7'],
  ['a port', { 'x-forwarded-for': '192.0.2.7:4711' }, '192.0.2.7'],
  ['an IPv6 address', { 'x-forwarded-for': '[2001:db8::5]:4711' }, '2001:db8::5'],
  ['a hidden address', { 'x-forwarded-for': '192.0.2.7, unknown, 10.1.1.1' }, '10.1.1.1'],
  ['only proxies', { 'x-forwarded-for': '10.2.2.2, 10.1.1.1' }, '10.2.2.2'],
  ['Forwarded', { forwarded: 'for=198.51.100.1, for="192.0.2.7:80";proto=https' }, '192.0.2.7'],
  ['Forwarded with IPv6', { forwarded: 'proto=https;For="[2001:db8::5]:1234"' }, '2001:db8::5'],
  ['Forwarded with a hidden address', { forwarded: 'for=_secret' }, '10.0.0.1'],
  ['both headers', { 'x-forwarded-for': '192.0.2.7', forwarded: 'for=192.0.2.7' }, '192.0.2.7'],
  ['headers that contradict each other', { 'x-forwarded-for': '192.0.2.7', forwarded: 'for=198.51.100.1' }, '10.0.0.1'],
])('from a trusted proxy with %s', (_name, headers, expected) => expect(of('10.0.0.1', headers)).toBe(expected));

test('headers of anyone else are ignored, also on a socket that listens on IPv6', () => {
  expect(of('192.0.2.9', { 'x-forwarded-for': '198.51.100.1', forwarded: 'for=198.51.100.1' })).toBe('192.0.2.9');
  expect(of('::ffff:192.0.2.9', { 'x-forwarded-for': '198.51.100.1' })).toBe('192.0.2.9');
  expect(of('::ffff:10.0.0.1', { 'x-forwarded-for': '198.51.100.1' })).toBe('198.51.100.1');
});

test.each([
  ['no header', {}, null],
  ['a client', { 'x-forwarded-for': '192.0.2.7' }, '192.0.2.7'],
  ['a client in the trusted network', { 'x-forwarded-for': '10.2.2.2' }, '10.2.2.2'],
  ['a client that it hides', { forwarded: 'for=_secret' }, null],
  [
    'a client that names another address',
    { 'x-forwarded-for': '192.0.2.7', forwarded: 'for=1.2.3.4' },
    'contradictory 10.0.0.1',
  ],
  ['a client that names none', { 'x-forwarded-for': '192.0.2.7', forwarded: 'for=unknown' }, 'contradictory 10.0.0.1'],
])('a trusted proxy with %s is limited by', (_name, headers, expected) => {
  expect(addresses.limitKey({ socket: { remoteAddress: '10.0.0.1' }, headers })).toBe(expected);
  expect(addresses.limitKey({ socket: { remoteAddress: '192.0.2.9' }, headers })).toBe('192.0.2.9');
});

test('no header frees a client behind a proxy that names it from its limit', () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom('192.0.2.7', '10.2.2.2'), (forwarded, client) => {
      const headers = { 'x-forwarded-for': client, forwarded };
      expect(addresses.limitKey({ socket: { remoteAddress: '10.0.0.1' }, headers })).not.toBeNull();
    }),
  );
});

test('nothing that a client writes before its proxy’s entry changes its address', () => {
  fc.assert(
    fc.property(fc.string(), (invented) => {
      expect(of('10.0.0.1', { 'x-forwarded-for': `${invented}, 192.0.2.7` })).toBe('192.0.2.7');
    }),
  );
});

test('reads the requested host from a trusted proxy only', () => {
  const headers = { host: 'backend:8000', 'x-forwarded-host': 'proctor.example.edu' };
  expect(addresses.hostOf({ socket: { remoteAddress: '10.0.0.1' }, headers })).toBe('proctor.example.edu');
  expect(addresses.hostOf({ socket: { remoteAddress: '192.0.2.9' }, headers })).toBe('backend:8000');
});
