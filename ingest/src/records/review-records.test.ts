import { randomUUID } from 'node:crypto';
import { openReview } from '@invigil/protocol/report';
import { beforeEach, describe, expect, test } from 'vitest';
import { minute, onEachDatabase } from '../../test/each-database.ts';
import { AnalysisRecords } from './analysis-records.ts';
import { GuidanceRecords } from './guidance-records.ts';
import type { RecordsDatabase } from './records-database.ts';
import { ReceiptRecords } from './receipt-records.ts';
import { ReviewRecords } from './review-records.ts';
import { SessionEndRecords } from './session-end-records.ts';
import { SessionRecords } from './session-records.ts';
import { WebhookRecords } from './webhook-records.ts';

onEachDatabase((open) => {
  let database: RecordsDatabase;
  let examId: string;
  let sessionId: string;
  beforeEach(() => {
    database = open();
    examId = `exam-${randomUUID()}`;
    sessionId = `session-${randomUUID()}`;
  });

  const act = (at: number, actor = 'tina') => ({ sessionId, examId, actor, at: minute(at) });

  describe('reviews', () => {
    test('a session without entries has an open review', async () => {
      expect(await new ReviewRecords(database).of(sessionId)).toEqual(openReview);
    });

    test('marks stand in the order of their newest word', async () => {
      const reviews = new ReviewRecords(database);
      for (const [at, id] of ['o1', 'o2', 'o1'].entries()) {
        await reviews.review(act(at), { observations: [{ id, mark: 'unsure' }] });
      }
      expect((await reviews.of(sessionId)).observations).toEqual([
        { id: 'o2', mark: 'unsure', note: null, by: 'tina', at: minute(1) },
        { id: 'o1', mark: 'unsure', note: null, by: 'tina', at: minute(2) },
      ]);
    });

    test('marks alone leave the review open, and an outcome without notes takes earlier notes away', async () => {
      const reviews = new ReviewRecords(database);
      await reviews.review(act(1), { observations: [{ id: 'o1', mark: 'confirmed' }] });
      expect((await reviews.of(sessionId)).status).toBe('open');
      await reviews.review(act(2), { outcome: 'follow_up', notes: 'first thoughts', observations: [] });
      await reviews.review(act(3, 'tom'), { outcome: 'inconclusive', observations: [] });
      expect(await reviews.of(sessionId)).toMatchObject({
        outcome: 'inconclusive',
        notes: null,
        by: 'tom',
        at: minute(3),
      });
    });

    test('text is kept as it is: quotes, lines, emoji and right-to-left', async () => {
      const text = `"it's" \\ \n 😀 שלום ${'x'.repeat(3900)}`;
      const reviews = new ReviewRecords(database);
      await reviews.contest(act(1, 'ada'), 'o"1', text, 10);
      expect((await reviews.of(sessionId)).contests).toEqual([{ id: 'o"1', text, at: minute(1) }]);
      expect(await reviews.audit(sessionId)).toEqual([
        {
          at: minute(1),
          actor: 'ada',
          action: 'review.contest',
          detail: { observation_id: 'o"1', value: null, note: text },
        },
      ]);
    });

    test('a decision on uncontested reports is not recorded after a contest', async () => {
      const reviews = new ReviewRecords(database);
      const decision = { outcome: 'nothing_to_follow_up' as const, observations: [] };
      expect(await reviews.reviewUncontested(act(1), decision)).toBe(true);
      await reviews.contest(act(2, 'ada'), 'o1', 'why?', 5);
      expect(await reviews.reviewUncontested(act(3, 'tom'), decision)).toBe(false);
      expect(await reviews.of(sessionId)).toMatchObject({ by: 'tina', at: minute(1) });
    });

    test('ten contests at once fill the five places that are left', async () => {
      const reviews = new ReviewRecords(database);
      const all = Array.from({ length: 10 }, (_, at) => reviews.contest(act(at, 'ada'), `o${at}`, 'why?', 5));
      expect((await Promise.all(all)).filter((isKept) => isKept)).toHaveLength(5);
      expect((await reviews.of(sessionId)).contests).toHaveLength(5);
    });

    test('entries and audit cannot be changed, by a mistake of ours either', async () => {
      await new ReviewRecords(database).contest(act(1), 'o1', 'my words', 10);
      for (const table of ['review_entries', 'audit'] as const) {
        const changed = database.run((db) =>
          db.updateTable(table).set({ actor: 'eve' }).where('session_id', '=', sessionId).execute(),
        );
        await expect(changed.catch((error: { reason: string }) => error.reason)).resolves.toBe('records_unavailable');
      }
      expect((await new ReviewRecords(database).audit(sessionId))[0]).toMatchObject({ actor: 'tina' });
    });
  });

  describe('guidance', () => {
    test('a session without messages has none, and another session’s are not its own', async () => {
      const guidance = new GuidanceRecords(database);
      await guidance.add(act(1), { action: 'session.message', detail: { message_id: 'm1', text: 'hello 😀' } });
      expect(await guidance.messages(sessionId)).toEqual([{ messageId: 'm1', text: 'hello 😀', at: minute(1) }]);
      expect(await guidance.messages('another')).toEqual([]);
    });
  });

  describe('versions of a report', () => {
    const end = async (): Promise<void> => {
      const sessions = new SessionRecords(database);
      await sessions.create({ sessionId, examId, memberId: 'ada', startedAt: minute(0), actor: 'tina' });
      const session = (await sessions.find(sessionId))!;
      const ends = new SessionEndRecords(database);
      await ends.claimEnd(sessionId, 'claim', Date.parse(minute(60)), 60_000);
      const ended = {
        session,
        endedAt: minute(60),
        rulesVersion: '3',
        report: '{"v":1}',
        dumpFile: 'd',
        actor: 'tina',
      };
      await ends.finishEnd(ended, 'claim');
    };
    const by = { actor: 'tina', at: minute(61) };

    test('a session without a report has none, and none can be added to it', async () => {
      const analyses = new AnalysisRecords(database);
      expect(await analyses.kept(sessionId)).toBeNull();
      expect(await analyses.list(sessionId)).toEqual([]);
      await expect(analyses.add(sessionId, '{}', '3', by)).rejects.toMatchObject({ reason: 'records_unavailable' });
    });

    test('two that are added at the same time both stay, with separate versions', async () => {
      await end();
      const analyses = new AnalysisRecords(database);
      const versions = await Promise.all(
        ['{"v":2}', '{"v":3}'].map((report) => analyses.add(sessionId, report, '2', by)),
      );
      expect(versions.toSorted((a, b) => a - b)).toEqual([2, 3]);
      const kept = await Promise.all([1, 2, 3].map((version) => analyses.kept(sessionId, version)));
      expect(new Set(kept.map((each) => each?.report)).size).toBe(3);
    });

    test('the same report added twice at the same time is one version', async () => {
      await end();
      const analyses = new AnalysisRecords(database);
      const versions = await Promise.all([1, 2].map(() => analyses.add(sessionId, '{"v":2}', '2', by)));
      expect(versions).toEqual([2, 2]);
      expect(await analyses.list(sessionId)).toHaveLength(2);
    });
  });

  describe('receipts', () => {
    const receipt = (version: number, leaf: string, day = '2031-01-05') => ({
      sessionId,
      version,
      day,
      receipt: `{"leaf":"${leaf}"}`,
      leaf: `${leaf}-${sessionId}`,
    });

    test('the first receipt of a report stands', async () => {
      const receipts = new ReceiptRecords(database);
      await receipts.keep(receipt(1, 'first'));
      await receipts.keep(receipt(1, 'second'));
      expect(await receipts.find(sessionId, 1)).toEqual({ day: '2031-01-05', receipt: '{"leaf":"first"}' });
      expect(await receipts.find(sessionId, 2)).toBeNull();
      const own = (await receipts.leaves('2031-01-05')).filter((leaf) => leaf.endsWith(sessionId));
      expect(own).toEqual([`first-${sessionId}`]);
    });

    test('a day’s leaves are in the order of its tree, and days come newest first', async () => {
      const receipts = new ReceiptRecords(database);
      const day = `2032-${sessionId}`;
      for (const [version, leaf] of ['b', 'c', 'a'].entries()) await receipts.keep(receipt(version + 1, leaf, day));
      const leaves = await receipts.leaves(day);
      expect(leaves).toEqual(leaves.toSorted((a, b) => (a < b ? -1 : 1)));
      expect(leaves).toHaveLength(3);
      expect(await receipts.days(1000)).toContain(day);
      expect(await receipts.days(1)).toHaveLength(1);
      expect(await receipts.leaves('1999-01-01')).toEqual([]);
    });

    test('a key is created when none is young enough, and older ones stay', async () => {
      const receipts = new ReceiptRecords(database);
      const [first] = await receipts.keys(minute(0), minute(0));
      const again = await receipts.keys(first!.created_at, minute(5));
      expect(again[0]?.key_id).toBe(first?.key_id);
      const rotated = await receipts.keys(minute(30), minute(30));
      expect(rotated[0]?.key_id).not.toBe(first?.key_id);
      expect(rotated.map(({ key_id: id }) => id)).toContain(first?.key_id);
      expect(rotated[0]).toMatchObject({ key_id: expect.stringMatching(/^[\da-f]{16}$/), created_at: minute(30) });
    });
  });

  describe('webhook deliveries', () => {
    const queue = (id: string, createdAt: string) =>
      new WebhookRecords(database).queue({
        delivery_id: `${sessionId}-${id}`,
        event: 'session.ended',
        session_id: sessionId,
        exam_id: examId,
        url: 'https://example.org/hook',
        is_public_only: 0,
        format: 'invigil',
        body: '{}',
        created_at: createdAt,
      });
    const claimedAt = (claims: readonly { delivery_id: string; session_id: string }[]): string[] =>
      claims
        .filter((each) => each.session_id === sessionId)
        .map(({ delivery_id: id }) => id.slice(sessionId.length + 1));

    test('are claimed in the order in which they are due, and not before', async () => {
      const webhooks = new WebhookRecords(database);
      for (const [id, at] of [
        ['later', 3],
        ['second', 2],
        ['first', 1],
      ] as const)
        await queue(id, minute(at));
      const claimed = await webhooks.claimDue(minute(2), minute(9), 100_000);
      expect(claimedAt(claimed)).toEqual(['first', 'second']);
      expect(claimedAt(await webhooks.claimDue(minute(8), minute(9), 100_000))).toEqual(['later']);
    });

    test('are each claimed by one of five replicas', async () => {
      const webhooks = new WebhookRecords(database);
      for (let count = 0; count < 10; count += 1) await queue(String(count), minute(1));
      const claims = await Promise.all([1, 2, 3, 4, 5].map(() => webhooks.claimDue(minute(2), minute(9), 100_000)));
      const own = claims.flatMap(claimedAt);
      expect(own).toHaveLength(10);
      expect(new Set(own).size).toBe(10);
    });

    test('a failed one has no time of delivery and comes again only when a person asks', async () => {
      const webhooks = new WebhookRecords(database);
      await queue('a', minute(1));
      const failed = { status: 'failed' as const, next_attempt_at: minute(1), last_status: null, last_error: 'gone' };
      await webhooks.finish(`${sessionId}-a`, failed, minute(2));
      const listed = (await webhooks.list('failed', 100_000)).filter((each) => each.session_id === sessionId);
      expect(listed).toMatchObject([{ delivered_at: null, last_error: 'gone' }]);
      expect(claimedAt(await webhooks.claimDue(minute(9), minute(10), 100_000))).toEqual([]);
    });
  });
});
