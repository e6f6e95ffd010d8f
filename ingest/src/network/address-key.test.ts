import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressKey, plainAddress } from './address-key.ts';

test('an IPv4 address counts for itself, also on a socket that listens on IPv6', () => {
  expect(addressKey(plainAddress('::ffff:192.0.2.7'))).toBe('192.0.2.7');
  expect(addressKey('192.0.2.7')).toBe('192.0.2.7');
});

test.each([
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:0DB8:0001::', '2001:db8:1:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
])('%s counts for its network', (address, key) => expect(addressKey(address)).toBe(key));

test('all addresses of a network count together, however they are written', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(0xffff), { minLength: 8, maxLength: 8 }),
      fc.array(fc.nat(0xffff), { minLength: 4, maxLength: 4 }),
      (groups, host) => {
        const written = (all: number[]): string => all.map((group) => group.toString(16)).join(':');
        const short = new URL(`http://[${written(groups)}]`).hostname.slice(1, -1);
        expect(addressKey(short)).toBe(addressKey(written([...groups.slice(0, 4), ...host])));
      },
    ),
  );
});
