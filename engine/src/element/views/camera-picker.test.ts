// @vitest-environment happy-dom
import { h, render } from 'preact';
import { act } from 'preact/test-utils';
import { expect, test } from 'vitest';
import type { Cameras } from '../../camera/camera-list.ts';
import { firstView } from '../session/session-view.ts';
import { elementTexts } from '../texts/element-texts.ts';
import { CameraPicker } from './camera-picker.tsx';
import type { ViewProps } from './view-props.ts';

const colour = { deviceId: 'a', label: 'Webcam', kind: 'colour' } as const;
const infrared = { deviceId: 'b', label: 'Integrated IR Camera', kind: 'infrared' } as const;

/** The picker for these cameras, and the ids that the student chose. */
const setUp = async (cameras: Cameras) => {
  const chosen: string[] = [];
  const place = document.createElement('div');
  document.body.replaceChildren(place);
  const props = {
    view: { ...firstView, cameras },
    texts: elementTexts('en'),
    onChooseCamera: (id: string) => chosen.push(id),
  } as unknown as ViewProps;
  await act(() => render(h(CameraPicker, props), place));
  return { place, chosen, select: place.querySelector('select') };
};

test('shows no picker for a single camera, or without a list', async () => {
  for (const choices of [null, [], [colour]]) {
    expect((await setUp({ choices, usedId: 'a' })).place.textContent).toBe('');
  }
});

test('names each camera, marks the one in use, and reports the choice', async () => {
  const { select, chosen } = await setUp({ choices: [colour, infrared], usedId: 'a' });
  expect([...(select?.options ?? [])].map(({ text }) => text)).toEqual(['Webcam', 'Integrated IR Camera (infrared)']);
  expect(select?.value).toBe('a');
  expect(select?.labels?.[0]?.textContent).toContain('Camera');
  select!.value = 'b';
  select?.dispatchEvent(new Event('change', { bubbles: true }));
  expect(chosen).toEqual(['b']);
});

test('marks none while no camera is open', async () => {
  const { select } = await setUp({ choices: [colour, infrared], usedId: null });
  expect(select?.value).toBe('');
  expect(select?.options[0]?.text).toBe('Choose a camera');
});
