// @vitest-environment happy-dom
import { signal } from '@preact/signals';
import { act } from 'preact/test-utils';
import { expect, test } from 'vitest';
import { rendered } from '../testing/rendered.ts';
import { useTabBadge } from './tab-badge.ts';

const count = signal(4);
const Badge = () => {
  useTabBadge(count.value);
  return null;
};

test('the tab shows the number in its title and icon, and neither at 0', async () => {
  document.head.innerHTML = '<link rel="icon" href="/icon.svg">';
  document.title = 'Exams';
  const iconText = () => decodeURIComponent(document.querySelector('link')?.getAttribute('href') ?? '');
  await rendered(<Badge />);
  expect(document.title).toBe('(4) Exams');
  expect(iconText()).toContain('>4</text>');
  await act(() => void (count.value = 120));
  expect(document.title).toBe('(120) Exams');
  expect(iconText()).toContain('>99+</text>');
  await act(() => void (count.value = 0));
  expect(document.title).toBe('Exams');
  expect(iconText()).toBe('/icon.svg');
});
