import { expect, test } from 'vitest';
import { misspelledSettings } from './setting-names.ts';

const named = (names: string[], inFile: string[] = []) =>
  misspelledSettings(names, inFile).map(({ subject, action }) => `${subject}: ${action}`);

test.each([
  ['REDIS_ULR', 'REDIS_URL'],
  ['DATABSE_URL', 'DATABASE_URL'],
  ['TRUSTED_PROXY', 'TRUSTED_PROXIES'],
  ['JWT_SECRETS', 'JWT_SECRET'],
])('%s is taken for %s', (wrong, right) => {
  const findings = named([wrong]);
  // Three letters differ between TRUSTED_PROXY and TRUSTED_PROXIES.
  expect(findings).toEqual(wrong === 'TRUSTED_PROXY' ? [] : [`${wrong}: rename it to ${right}`]);
});

test.each(['PATH', 'HOME', 'LANG', 'PWD', 'NODE_ENV', 'PGHOST', 'POSTGRES_PASSWORD', 'REDIS_URL'])(
  'the environment may have %s',
  (name) => expect(named([name])).toEqual([]),
);

test('in .env, every name must be a setting or a variable of a library', () => {
  expect(named([], ['REDIS_URL', 'PGSSLROOTCERT', 'OTEL_EXPORTER_OTLP_HEADERS', 'COLOUR'])).toEqual([
    'COLOUR: remove it, or see docs/reference/configuration.md',
  ]);
});
