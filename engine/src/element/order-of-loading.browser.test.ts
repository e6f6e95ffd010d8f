import { afterEach, describe, expect, test, vi } from 'vitest';
import { InvigilProctor } from '../element.ts';
import type { SessionTicket } from './session/session-ticket.ts';

/** A page's function that names no session: calling it shows that the element has started, and with what. */
const sessionFunction = (words = 'no session') =>
  vi.fn<() => Promise<SessionTicket>>(() => Promise.reject(new Error(words)));

let tags = 0;
/** A tag whose element is defined only by calling the second function, as when its module loads later. */
const lateTag = (): [tag: string, define: () => void] => {
  const tag = `late-proctor-${++tags}`;
  return [tag, () => customElements.define(tag, class extends InvigilProctor {})];
};

const place = document.body.appendChild(document.createElement('main'));
afterEach(() => place.replaceChildren());

const inserted = (html: string): InvigilProctor => {
  place.innerHTML = html;
  return place.firstElementChild as InvigilProctor;
};
const textOf = (element: InvigilProctor): string => element.shadowRoot?.textContent ?? '';
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

describe('before its module has loaded', () => {
  test('properties, attributes and listeners are kept', async () => {
    const [tag, define] = lateTag();
    const element = inserted(`<${tag} autostart lang="de" server-url="https://one.example.edu"></${tag}>`);
    const [session, help, heard] = [
      sessionFunction('später'),
      async () => undefined,
      vi.fn<(stage: unknown) => void>(),
    ];
    element.addEventListener('invigil-stage', ({ detail }) => heard(detail.stage));
    Object.assign(element, { session, help, token: 'early', texts: { again: 'Nochmal' }, options: { frameRateHz: 2 } });
    define();
    await settle();
    expect(session).toHaveBeenCalledOnce();
    expect(element.stage).toEqual({ stage: 'not_started', detail: 'später' });
    expect(heard.mock.calls.flat()).toEqual(['preparing', 'not_started']);
    expect(textOf(element)).toContain('Nochmal');
    expect(element).toMatchObject({ serverUrl: 'https://one.example.edu', token: 'early', help });
    expect(element.options).toEqual({ frameRateHz: 2 });
  });

  test('a property that the page sets without a value leaves the attribute’s', async () => {
    const [tag, define] = lateTag();
    const element = inserted(`<${tag} session-id="one" token="written"></${tag}>`);
    const names = ['serverUrl', 'session', 'token', 'options', 'texts', 'notice', 'help'] as const;
    for (const name of names) Object.assign(element, { [name]: undefined });
    define();
    for (const name of names) Object.assign(element, { [name]: undefined });
    await settle();
    expect(element).toMatchObject({ serverUrl: location.origin, sessionId: 'one', token: 'written', help: null });
    expect(textOf(element)).toContain('Before the camera is switched on');
    expect(element.shadowRoot?.querySelector('[data-testid=help]')).toBeNull();
    element.sessionId = undefined;
    expect(element.hasAttribute('session-id')).toBe(false);
  });

  test('elements that were moved, cloned and made from text are upgraded, each with its own session', async () => {
    const [tag, define] = lateTag();
    place.innerHTML = `<div><${tag} autostart></${tag}></div><p></p>`;
    const first = place.querySelector(tag) as InvigilProctor;
    const second = first.cloneNode(true) as InvigilProctor;
    second.removeAttribute('autostart');
    const sessions = [sessionFunction('first'), sessionFunction('second')];
    [first.session, second.session] = sessions;
    place.querySelector('p')?.append(first);
    place.append(second);
    define();
    await settle();
    await second.start();
    expect([first, second].map(({ stage }) => stage)).toEqual([
      { stage: 'not_started', detail: 'first' },
      { stage: 'not_started', detail: 'second' },
    ]);
    for (const session of sessions) expect(session).toHaveBeenCalledOnce();
  });
});

describe('an element that starts by itself', () => {
  test('may be named right after it was put into the page', async () => {
    const element = inserted('<invigil-proctor autostart></invigil-proctor>');
    const stages: string[] = [];
    element.addEventListener('invigil-stage', ({ detail }) => stages.push(detail.stage));
    const session = sessionFunction('named');
    element.session = session;
    element.serverUrl = 'https://one.example.edu';
    await settle();
    expect(session).toHaveBeenCalledOnce();
    expect(stages).toEqual(['not_started']);
    expect(element.stage).toEqual({ stage: 'not_started', detail: 'named' });
  });

  test('may get the attribute later', async () => {
    const element = inserted('<invigil-proctor></invigil-proctor>');
    const session = sessionFunction();
    element.session = session;
    await settle();
    expect(session).not.toHaveBeenCalled();
    element.setAttribute('autostart', '');
    await settle();
    expect(session).toHaveBeenCalledOnce();
  });

  test('does not start again when the page moves it, but does when it was away', async () => {
    const element = inserted('<invigil-proctor autostart></invigil-proctor>');
    const session = sessionFunction();
    element.session = session;
    await settle();
    const other = place.appendChild(document.createElement('section'));
    other.append(element);
    (place as HTMLElement & { moveBefore(node: Node, child: null): void }).moveBefore(element, null);
    await settle();
    expect(session).toHaveBeenCalledOnce();
    element.remove();
    await settle();
    place.append(element);
    await settle();
    expect(session).toHaveBeenCalledTimes(2);
  });
});

test('the module may be loaded twice', async () => {
  await import('../element.ts?again' as '../element.ts');
  expect(customElements.get('invigil-proctor')).toBe(InvigilProctor);
  expect(inserted('<invigil-proctor></invigil-proctor>')).toBeInstanceOf(InvigilProctor);
});

test('a page’s options that cannot be read are the page’s fault, not the image analysis’s', async () => {
  const element = inserted('<invigil-proctor session-id="one" models-url="http://[" lang="en"></invigil-proctor>');
  await element.start();
  expect(element.stage).toMatchObject({ stage: 'failed', reason: 'options_invalid' });
});

test('inside another component, the language is that of the page around it', () => {
  const outer = place.appendChild(document.createElement('div'));
  outer.lang = 'es';
  const root = outer.attachShadow({ mode: 'open' });
  root.append(document.createElement('invigil-proctor'));
  expect(textOf(root.firstElementChild as InvigilProctor)).toContain('Antes de encender la cámara');
});
