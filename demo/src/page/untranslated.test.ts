import { expect, test } from 'vitest';
import { untranslated } from './untranslated.ts';

test.each(['48.8 s (48.8%)', '0:00 – 3:40', '100, 100, 149', '–', 'Δ 5°', ''])(
  'keeps a translator away from “%s”',
  (value) => {
    expect(untranslated(value)).toEqual({ translate: false });
  },
);

test.each(['none sent', 'keine gesendet', 'left', 'oben links 5'])('lets a translator have “%s”', (value) => {
  expect(untranslated(value)).toEqual({});
});
