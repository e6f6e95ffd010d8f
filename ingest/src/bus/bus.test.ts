import { describe, expect, test } from 'vitest';
import type { BusLink } from './bus-link.ts';
import { Bus } from './bus.ts';
import type { InvalidMessage } from './bus.ts';
import { MessageRelay } from './message-relay.ts';
import { anyWord, isMatch } from './subject.ts';
import { topics } from './topics.ts';

/** A link that delivers text as if from another replica. */
class FedLink implements BusLink {
  readonly isLocal = false;
  readonly sent: { subject: string; text: string }[] = [];
  readonly #followers: { pattern: string; receive: (subject: string, text: string) => void }[] = [];

  publish(subject: string, text: string): boolean {
    this.sent.push({ subject, text });
    return true;
  }

  follow(pattern: string, receive: (subject: string, text: string) => void) {
    this.#followers.push({ pattern, receive });
    return { ready: Promise.resolve(), stop: () => undefined };
  }

  feed(subject: string, text: string): void {
    for (const { pattern, receive } of this.#followers) if (isMatch(pattern, subject)) receive(subject, text);
  }

  onUp(): void {}
  async check(): Promise<void> {}
  async close(): Promise<void> {}
}

const setUp = () => {
  const link = new FedLink();
  const errors: unknown[] = [];
  const invalid: InvalidMessage[] = [];
  const relay = new MessageRelay('here', link, (error) => errors.push(error));
  const bus = new Bus(relay, (message) => invalid.push(message));
  return { link, bus, errors, invalid };
};
const fromElsewhere = (message: unknown): string => JSON.stringify({ from: 'elsewhere', message });

describe('a bus of topics', () => {
  test('publishes a message under its topic’s subject, and delivers it to its own handlers', async () => {
    const { link, bus } = setUp();
    const ended: string[] = [];
    bus.subscribe(topics.sessionEnded, [anyWord], ({ session_id }) => ended.push(session_id));
    bus.publish(topics.sessionEnded, ['s.1'], { session_id: 's.1' });
    await Promise.resolve();
    expect(ended).toEqual(['s.1']);
    expect(link.sent).toEqual([
      { subject: 'sessions.s%2E1.ended', text: JSON.stringify({ from: 'here', message: { session_id: 's.1' } }) },
    ]);
  });

  test('parses a message of another replica', () => {
    const { link, bus, invalid } = setUp();
    const slots: string[] = [];
    bus.subscribe(topics.examReplaced, ['e1'], ({ slot }) => slots.push(slot));
    link.feed('exams.e1.replaced', fromElsewhere({ slot: 'exam:e1:ada', added_later: true }));
    expect(slots).toEqual(['exam:e1:ada']);
    expect(invalid).toEqual([]);
  });

  test('drops a message that does not match its schema, and reports its fields without their values', () => {
    const { link, bus, errors, invalid } = setUp();
    const slots: unknown[] = [];
    bus.subscribe(topics.examReplaced, ['e1'], (message) => slots.push(message));
    bus.subscribe(topics.alerts, [], (message) => slots.push(message));
    link.feed('exams.e1.replaced', fromElsewhere({ slot: 7 }));
    link.feed(
      'alerts.news',
      fromElsewhere({ kind: 'raised', alert: { alertId: 'a', memberId: 'ada' }, picture: null }),
    );
    expect(slots).toEqual([]);
    expect(errors).toEqual([]);
    expect(invalid[0]).toEqual({ topic: 'exams.*.replaced', fields: ['slot'] });
    expect(invalid[1]?.topic).toBe('alerts.news');
    expect(JSON.stringify(invalid)).not.toContain('ada');
  });

  test.each([['no JSON at all: ada'], ['null'], ['{"message":{}}'], ['{"from":"elsewhere","message":"ada"}']])(
    'reports text that is not a replica’s message, without quoting it: %s',
    (text) => {
      const { link, bus, errors } = setUp();
      const seen: unknown[] = [];
      bus.subscribe(topics.examReplaced, ['e1'], (message) => seen.push(message));
      link.feed('exams.e1.replaced', text);
      expect(seen).toEqual([]);
      expect(errors).toHaveLength(1);
      expect(String(errors[0])).not.toContain('ada');
    },
  );

  test('ignores its own messages when the link echoes them', () => {
    const { link, bus } = setUp();
    const seen: unknown[] = [];
    bus.subscribe(topics.examReplaced, ['e1'], (message) => seen.push(message));
    link.feed('exams.e1.replaced', JSON.stringify({ from: 'here', message: { slot: 'x' } }));
    expect(seen).toEqual([]);
  });
});
