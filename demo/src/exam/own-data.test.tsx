// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { waitFor } from '@invigil/testkit/timers/waits';
import { click, find, rendered } from '../testing/rendered.ts';
import { answerRequests } from '../testing/requests.ts';
import { OwnData } from './own-data.tsx';

const place = { examId: 'physics', studentId: 'ada', sessionId: 's-1' };
const exporting = 'GET /api/v1/students/ada/export';
const requests = 'POST /api/v1/exams/physics/requests';

beforeEach(() => {
  sessionStorage.clear();
  sessionStorage.setItem('invigil-token:s-1', 'of-the-session');
  sessionStorage.setItem('invigil-link:physics', 'of-the-link');
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const status = (shown: HTMLElement): string => find(shown, '[role=status]').textContent;

describe('the student’s own data', () => {
  test('is downloaded as a file, with the personal link', async () => {
    const sent = answerRequests({ [exporting]: [200, { format: 'invigil-export/1' }] });
    const saved: string[] = [];
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function save(this: HTMLAnchorElement) {
      saved.push(this.download);
    });
    const shown = await rendered(<OwnData place={place} />);
    await click(find(shown, '[data-testid=export]'));
    await waitFor(() => expect(status(shown)).toBe('Your data was downloaded.'));
    expect(saved).toEqual(['physics.json']);
    expect(sent[0]?.token).toBe('of-the-link');
  });

  test('can be downloaded later if the server does not answer', async () => {
    answerRequests({ [exporting]: null });
    const shown = await rendered(<OwnData place={place} />);
    await click(find(shown, '[data-testid=export]'));
    await waitFor(() => expect(status(shown)).toContain('could not be downloaded'));
    expect(find(shown, '[data-testid=export]').hasAttribute('disabled')).toBe(false);
  });
});

describe('the request to delete it', () => {
  test('is sent after a confirmation, as the session’s student', async () => {
    const sent = answerRequests({ [requests]: [201, { request_id: 'r-1', at: '2026-01-05T09:00:00.000Z' }] });
    const shown = await rendered(<OwnData place={place} />);
    await click(find(shown, '[data-testid=ask-erasure]'));
    expect(sent).toEqual([]);
    await click(find(shown, '[data-testid=confirm-yes]'));
    await waitFor(() => expect(status(shown)).toBe('Your request was sent to the organiser.'));
    expect(sent[0]).toMatchObject({
      token: 'of-the-session',
      body: { kind: 'erasure', text: null, student_id: 'ada' },
    });
  });

  test('is not sent if the student goes back', async () => {
    const sent = answerRequests({});
    const shown = await rendered(<OwnData place={place} />);
    await click(find(shown, '[data-testid=ask-erasure]'));
    await click(find(shown, 'dialog .button.quiet'));
    expect(shown.querySelector('dialog')).toBeNull();
    expect(sent).toEqual([]);
  });

  test('says that it did not arrive', async () => {
    answerRequests({ [requests]: null });
    const shown = await rendered(<OwnData place={place} />);
    await click(find(shown, '[data-testid=ask-erasure]'));
    await click(find(shown, '[data-testid=confirm-yes]'));
    await waitFor(() => expect(status(shown)).toContain('could not be sent'));
  });
});
