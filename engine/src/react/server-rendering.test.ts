import { StrictMode, createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { expect, test } from 'vitest';
import { InvigilProctor } from '../react.ts';

test('a server renders the attributes, and nothing that only a browser can hold', () => {
  const html = renderToString(
    createElement(
      StrictMode,
      null,
      createElement(InvigilProctor, {
        serverUrl: 'https://proctor.example.edu',
        sessionId: 'one',
        token: 'secret',
        pictures: 'never',
        autostart: true,
        className: 'exam',
        session: async () => ({ sessionId: 'one' }),
        options: { frameRateHz: 5 },
        onStage: () => undefined,
      }),
    ),
  );
  expect(html).toBe(
    '<invigil-proctor class="exam" server-url="https://proctor.example.edu" session-id="one" pictures="never"></invigil-proctor>',
  );
});
