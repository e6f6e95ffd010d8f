// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { rendered } from '../testing/rendered.ts';
import { CameraSelect } from './camera-select.tsx';

const webcam = { deviceId: 'a', label: 'Webcam', kind: 'colour' } as const;
const infrared = { deviceId: 'b', label: 'Camera IR', kind: 'infrared' } as const;

test('lists several cameras by name, and marks an infrared one', async () => {
  const chosen: string[] = [];
  const cameras = { choices: [webcam, infrared], usedId: 'a' };
  const place = await rendered(<CameraSelect cameras={cameras} choose={(id) => chosen.push(id)} />);
  const select = place.querySelector('select') as HTMLSelectElement;
  expect([...select.options].map(({ text }) => text)).toEqual(['Webcam', 'Camera IR (infrared)']);
  select.value = 'b';
  select.dispatchEvent(new Event('change', { bubbles: true }));
  expect(chosen).toEqual(['b']);
});

test.each([[null], [[]], [[webcam]]])('shows nothing for %j', async (choices) => {
  const place = await rendered(<CameraSelect cameras={{ choices, usedId: null }} choose={() => undefined} />);
  expect(place.textContent).toBe('');
});
