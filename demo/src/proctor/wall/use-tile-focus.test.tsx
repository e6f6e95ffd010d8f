// @vitest-environment happy-dom
import { render } from 'preact';
import { useRef } from 'preact/hooks';
import { act } from 'preact/test-utils';
import { expect, test } from 'vitest';
import { find, rendered } from '../../testing/rendered.ts';
import { useTileFocus } from './use-tile-focus.ts';

const Tiles = ({ keys }: { keys: readonly string[] }) => {
  const place = useRef<HTMLUListElement>(null);
  const focusTile = useTileFocus(place);
  return (
    <ul ref={place} onKeyDown={() => focusTile('c')}>
      {keys.map((key) => (
        <li key={key}>
          <button data-key={key}>{key}</button>
        </li>
      ))}
    </ul>
  );
};

/** Chooses a tile by key that is drawn two frames later. @param meanwhile what the user does in between */
const focusAfterDrawing = async (meanwhile: (place: HTMLElement) => void): Promise<string | undefined> => {
  const place = await rendered(<Tiles keys={['a', 'b']} />);
  const draw = (keys: string[]): Promise<void> => act(() => render(<Tiles keys={keys} />, place));
  find(place, '[data-key=a]').focus();
  find(place, 'ul').dispatchEvent(new Event('keydown'));
  await draw(['a', 'b']);
  meanwhile(place);
  await draw(['a', 'b', 'c']);
  return (document.activeElement as HTMLElement).dataset['key'];
};

test('a tile that is drawn later than the next frame gets the focus then', async () => {
  expect(await focusAfterDrawing(() => undefined)).toBe('c');
});

test('a tile does not take the focus from one that the user has chosen since', async () => {
  expect(await focusAfterDrawing((place) => find(place, '[data-key=b]').focus())).toBe('b');
});
