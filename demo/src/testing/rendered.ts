import { render } from 'preact';
import type { ComponentChild } from 'preact';
import { act } from 'preact/test-utils';
import { nextAnswerRead } from './requests.ts';

/** Renders a view into the document of the test. @returns the element that holds it. */
export const rendered = async (view: ComponentChild): Promise<HTMLElement> => {
  const place = document.createElement('div');
  document.body.replaceChildren(place);
  await act(() => render(view, place));
  return place;
};

/** The first element that matches; throws if there is none. */
export const find = (place: HTMLElement, selector: string): HTMLElement => {
  const found = place.querySelector<HTMLElement>(selector);
  if (found === null) throw new Error(`no ${selector} in ${place.innerHTML}`);
  return found;
};

/** The button with this text. */
export const button = (place: HTMLElement, text: string): HTMLElement => {
  const found = [...place.querySelectorAll('button')].find((candidate) => candidate.textContent.trim() === text);
  if (found === undefined) throw new Error(`no button "${text}" in ${place.innerHTML}`);
  return found;
};

export const click = (element: HTMLElement): Promise<void> => act(() => element.click());

/** Lets pending promise callbacks run. */
const afterMicrotasks = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** Completes something that the page is waiting for, and lets the page show the result. */
export const finished = (finish: () => void): Promise<void> =>
  act(async () => {
    finish();
    await afterMicrotasks();
  });

/** Releases a late answer of `answerRequests`, and waits until the page has read it. */
export const answered = (answer: () => void): Promise<void> =>
  act(async () => {
    const read = nextAnswerRead();
    answer();
    await read;
    await afterMicrotasks();
  });

export const type = (field: HTMLElement, text: string): Promise<void> =>
  act(() => {
    (field as HTMLInputElement).value = text;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });

export const submit = (place: HTMLElement): Promise<void> =>
  act(async () => {
    find(place, 'form').dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
    await Promise.resolve();
  });

/** Terms and values of the description lists of a view. */
export const facts = (place: HTMLElement): Record<string, string> =>
  Object.fromEntries(
    [...place.querySelectorAll('dl > div')].map((row) => [
      row.querySelector('dt')?.textContent ?? '',
      row.querySelector('dd')?.textContent ?? '',
    ]),
  );
