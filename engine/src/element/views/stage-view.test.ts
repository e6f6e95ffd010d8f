// @vitest-environment happy-dom
import { h, render } from 'preact';
import { act } from 'preact/test-utils';
import { describe, expect, test } from 'vitest';
import type { StopResult } from '../../connection/stop-result.ts';
import { nothingRecorded } from '../../connection/stop-result.ts';
import { proctorFailures } from '../../errors/proctor-error.ts';
import { firstView } from '../session/session-view.ts';
import type { Stage, StageName } from '../session/stage.ts';
import { elementTexts } from '../texts/element-texts.ts';
import { View } from './stage-view.tsx';
import type { ViewProps } from './view-props.ts';

const nothing = (): void => undefined;

/** The buttons of a stage, each with the names of the page's functions that it calls. */
const buttonsOf = async (stage: Stage): Promise<{ text: string; calls: string[] }[]> => {
  const calls: string[] = [];
  const called = (name: string) => () => void calls.push(name);
  const props: ViewProps = {
    view: { ...firstView, stage },
    texts: elementTexts('en'),
    language: 'en',
    video: document.createElement('video'),
    resuming: false,
    mayPicture: true,
    online: true,
    nowMs: 1_800_000_000_000,
    notice: null,
    serverNowMs: null,
    askForHelp: null,
    onDecline: called('decline'),
    onReconsider: called('reconsider'),
    onBegin: called('begin'),
    onBeginWithout: called('begin without'),
    onRestart: called('restart'),
    onDeliver: called('deliver'),
    onPause: nothing,
    onResume: nothing,
    onMessagesRead: nothing,
    onChooseCamera: nothing,
  };
  const place = document.createElement('div');
  document.body.replaceChildren(place);
  await act(() => render(h(View, props), place));
  const found = [];
  for (const button of place.querySelectorAll('button')) {
    calls.length = 0;
    await act(() => button.click());
    found.push({ text: button.textContent, calls: [...calls] });
  }
  return found;
};

const leadsOn = async (stage: Stage): Promise<string[]> => (await buttonsOf(stage)).flatMap(({ calls }) => calls);

describe('a stage that does not end by itself has a button that leads on', () => {
  test.each(proctorFailures)('failed with %s', async (reason) => {
    expect(await leadsOn({ stage: 'failed', reason, detail: null })).toEqual(['begin']);
  });

  test('failed, where the exam may be taken without the missing part', async () => {
    for (const part of ['camera', 'image_analysis'] as const) {
      const lack = { part, mayContinue: true } as const;
      const calls = await leadsOn({ stage: 'failed', reason: 'camera_none', detail: null, lack });
      expect(calls).toEqual(['begin', 'begin without']);
    }
  });

  test.each<[string, Stage, string]>([
    ['declined', { stage: 'declined' }, 'reconsider'],
    ['not started', { stage: 'not_started', detail: 'no session' }, 'begin'],
    ['waiting for the permission', { stage: 'preparing', progress: null, waitingFor: 'permission' }, 'restart'],
    ['waiting for the device', { stage: 'preparing', progress: null, waitingFor: 'device' }, 'restart'],
  ])('%s', async (_, stage, call) => {
    expect(await leadsOn(stage)).toEqual([call]);
  });

  test('waiting for a touch: any touch of the page starts the camera, this button’s too', async () => {
    expect(await buttonsOf({ stage: 'preparing', progress: null, waitingFor: 'touch' })).toHaveLength(1);
  });

  test('consent is given or declined', async () => {
    expect(await leadsOn({ stage: 'consent' })).toEqual(expect.arrayContaining(['begin', 'decline']));
  });

  test('closed with measurements that have not arrived', async () => {
    const result: StopResult = { ...nothingRecorded, waiting: 3 };
    expect(await leadsOn({ stage: 'closed', reason: 'stopped', result })).toEqual(['deliver']);
  });
});

/** Every stage with its way out; a new one has to be added here. `passes`: it ends by itself. `panel`: see the panel's tests. */
const exits: { [Name in StageName]: ['button' | 'passes' | 'panel', Extract<Stage, { stage: Name }>] } = {
  consent: ['button', { stage: 'consent' }],
  declined: ['button', { stage: 'declined' }],
  preparing: ['passes', { stage: 'preparing', progress: null }],
  running: ['panel', { stage: 'running', sinceMs: 0, breakSinceMs: null, capabilities: null, missing: null }],
  ending: ['passes', { stage: 'ending' }],
  closed: ['button', { stage: 'closed', reason: 'stopped', result: { ...nothingRecorded, waiting: 1 } }],
  not_started: ['button', { stage: 'not_started', detail: '' }],
  failed: ['button', { stage: 'failed', reason: 'camera_none', detail: null }],
};

test.each(Object.entries(exits).filter(([, [exit]]) => exit === 'button'))('%s has a button', async (_, [, stage]) => {
  expect(await leadsOn(stage)).not.toEqual([]);
});

test('a session that is over has no button: nothing is left for the element to do', async () => {
  const result = nothingRecorded;
  expect(await leadsOn({ stage: 'closed', reason: 'stopped', result })).toEqual([]);
  expect(await leadsOn({ stage: 'closed', reason: 'session_ended', result })).toEqual([]);
});
