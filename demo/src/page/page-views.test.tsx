// @vitest-environment happy-dom
import { afterEach, describe, expect, test, vi } from 'vitest';
import { waitFor } from '@invigil/testkit/timers/waits';
import { CalibrationStep } from '../calibration/calibration-step.tsx';
import { TraceStrip } from '../proctor/wall/trace-strip.tsx';
import { minuteFromText } from '@invigil/protocol/frame';
import { button, click, find, rendered } from '../testing/rendered.ts';
import { AnimationBatch } from './animation-batch.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { CopyLink } from './copy-link.tsx';
import { LiveNumbers } from './live-numbers.tsx';
import { LoadProgressView } from './load-progress.tsx';
import { Notice } from './notice.tsx';
import { PageFrame } from './page-frame.tsx';

afterEach(() => vi.useRealTimers());

describe('the page frame', () => {
  test('marks the current page and starts with a link to the content', async () => {
    const place = await rendered(<PageFrame here="check">content</PageFrame>);
    expect(find(place, 'a').textContent).toBe('Skip to content');
    expect(find(place, '[aria-current=page]').textContent).toBe('Camera check');
    expect(find(place, 'main').textContent).toBe('content');
    expect(find(place, 'footer').textContent).toContain('people decide');
  });

  test('has no navigation that leaves a running exam', async () => {
    expect((await rendered(<PageFrame here="exam">x</PageFrame>)).querySelector('nav')).toBeNull();
  });
});

describe('a notice', () => {
  test('is announced at once only if it is urgent', async () => {
    expect(find(await rendered(<Notice>text</Notice>), '.notice').getAttribute('role')).toBe('status');
    const urgent = find(
      await rendered(
        <Notice kind="warning" urgent title="Offline">
          text
        </Notice>,
      ),
      '.notice',
    );
    expect([urgent.getAttribute('role'), urgent.className, find(urgent, 'h2').textContent]).toEqual([
      'alert',
      'notice warning',
      'Offline',
    ]);
  });
});

describe('a confirmation', () => {
  test('asks first, and returns the pressed button; Escape means no', async () => {
    const answers: boolean[] = [];
    const place = await rendered(
      <ConfirmDialog question="Complete?" yes="Complete" no="Go back" answered={(isYes) => answers.push(isYes)} />,
    );
    expect((find(place, 'dialog') as HTMLDialogElement).open).toBe(true);
    await click(button(place, 'Complete'));
    await click(button(place, 'Go back'));
    find(place, 'dialog').dispatchEvent(new Event('cancel', { cancelable: true }));
    expect(answers).toEqual([true, false, false]);
  });
});

describe('copying a link', () => {
  const texts = {
    copy: 'Copy',
    copied: 'Copied.',
    notCopied: (address: string) => `Could not copy the link: ${address}`,
  };

  test('reports success', async () => {
    const written = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
    const place = await rendered(<CopyLink address="https://a.example/" texts={texts} />);
    await click(button(place, 'Copy'));
    await waitFor(() => expect(find(place, '[role=status]').textContent).toBe('Copied.'));
    expect(written).toHaveBeenCalledWith('https://a.example/');
  });

  test('shows the link if the browser does not allow it', async () => {
    vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValue(new DOMException('no', 'NotAllowedError'));
    const place = await rendered(<CopyLink address="https://a.example/" texts={texts} />);
    await click(button(place, 'Copy'));
    await waitFor(() => expect(find(place, '[role=status]').textContent).toContain('https://a.example/'));
  });
});

describe('loading', () => {
  const texts = { title: 'Preparing', text: '', firstStep: 'Starting', models: 'Downloading', warmUp: 'Warming up' };
  const amount = (loaded: string, total: string) => `${loaded} of ${total} MB`;

  test('has no percentage before the size is known', async () => {
    const place = await rendered(<LoadProgressView progress={null} {...texts} amount={amount} />);
    expect(find(place, 'progress').hasAttribute('value')).toBe(false);
    expect(find(place, '.soft').textContent).toBe('Starting');
  });

  test('shows how much is loaded', async () => {
    const progress = { step: 'models' as const, loadedBytes: 5_000_000, totalBytes: 20_000_000 };
    const place = await rendered(<LoadProgressView progress={progress as never} {...texts} amount={amount} />);
    expect(find(place, '.soft').textContent).toBe('Downloading · 5.0 of 20.0 MB');
  });
});

describe('live numbers', () => {
  test('show unknown readings as unknown, never as 0', async () => {
    const place = await rendered(<LiveNumbers frame={null} />);
    const values = [...place.querySelectorAll('dd')].map(({ textContent }) => textContent);
    expect(values.length).toBeGreaterThan(3);
    expect(values.filter((value) => /\d/.test(value))).toEqual([]);
  });
});

describe('the calibration step', () => {
  test('offers calibration, reports its error, and offers it again', async () => {
    const none = await rendered(<CalibrationStep state={{ state: 'none' }} onBegin={() => undefined} />);
    expect(find(none, 'button').textContent).toBe('Start calibration');
    const done = { state: 'calibrated', errorDeg: 1.84, errorPx: 62.4 } as never;
    const place = await rendered(<CalibrationStep state={done} onBegin={() => undefined} />);
    expect(find(place, '[role=status]').textContent).toBe(
      'Calibrated. On test dots, the error was about 1.8° (62 pixels).',
    );
    expect(find(place, 'button').textContent).toBe('Calibrate again');
  });

  test('explains why a calibration is not used', async () => {
    const state = { state: 'too_poor', reason: 'few_readings' } as never;
    const place = await rendered(<CalibrationStep state={state} onBegin={() => undefined} />);
    expect(find(place, '[role=status]').textContent).toContain('Your eyes were not clearly visible');
  });
});

describe('the strip of the last minute', () => {
  test('merges runs of equal seconds, and draws nothing for unknown ones', async () => {
    const minute = minuteFromText(`${'-'.repeat(45)}${'u'.repeat(5)}${'o'.repeat(10)}`, 60_000);
    const place = await rendered(<TraceStrip minute={minute} />);
    const drawn = [...place.querySelectorAll('rect')].map((rect) => [
      rect.getAttribute('class'),
      rect.getAttribute('width'),
    ]);
    expect(drawn).toEqual([
      ['not_observed', '5'],
      ['observed', '10'],
    ]);
  });
});

describe('work per animation frame', () => {
  test('runs once for many requests, and again for later ones', async () => {
    vi.useFakeTimers();
    let runs = 0;
    const work = new AnimationBatch(() => (runs += 1));
    work.request();
    work.request();
    await vi.advanceTimersByTimeAsync(1100);
    expect(runs).toBe(1);
    work.request();
    await vi.advanceTimersByTimeAsync(1100);
    expect(runs).toBe(2);
  });

  test('does not run after it was closed', async () => {
    vi.useFakeTimers();
    let runs = 0;
    const work = new AnimationBatch(() => (runs += 1));
    work.request();
    work.close();
    await vi.advanceTimersByTimeAsync(1100);
    expect(runs).toBe(0);
  });
});
