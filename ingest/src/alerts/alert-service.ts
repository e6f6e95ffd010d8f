import { ruleSets } from '@invigil/protocol/rules';
import type { Observation, ObservationType } from '@invigil/protocol/rules';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import type { ObservationEvent } from '../analysis/live-analysis.ts';
import { budgetTable } from '../budget/budget-table.ts';
import type { UsageBudget } from '../budget/usage-budget.ts';
import type { Bus, Subscription } from '../bus/bus.ts';
import { topics } from '../bus/topics.ts';
import type { AlertEvent } from '../bus/topics.ts';
import type { ExamDirectory } from '../live/exam-directory.ts';
import { alertIdOf } from '../model/alert.ts';
import type { Alert } from '../model/alert.ts';
import type { Principal } from '../model/principal.ts';
import type { Session } from '../model/session.ts';
import type { Acknowledgement, AlertRecords } from '../records/alert-records.ts';
import type { IngestMetrics } from '../telemetry/ingest-metrics.ts';
import { OutageLog } from '../telemetry/outage-log.ts';
import { AlertDelivery } from './alert-delivery.ts';
import type { AlertLink } from './alert-delivery.ts';
import { isoTime } from '../time/iso-time.ts';

export interface AlertServiceOptions {
  records: AlertRecords;
  exams: ExamDirectory;
  bus: Bus;
  /** Whether the user has an alerts connection, on any replica. */
  isConnected(userId: string): boolean;
  findSession(sessionId: string): Promise<Session | null>;
  /** A thumbnail of the session taken at or after this time, JPEG in base64, or null. */
  pictureOf(sessionId: string, sinceMs: number): Promise<string | null>;
  /** An alert that nobody acknowledged within this time also goes to the exam's other teachers. */
  escalateAfterMs: number;
  metrics: IngestMetrics;
  budget: Pick<UsageBudget, 'refused'>;
  /** Called once for each alert, on the replica that raised it. */
  onRaised(alert: Alert): void;
  log: Logger;
  now: () => number;
  /** The clock that all replicas share: one raises an alert, another escalates it. */
  storeNow: () => number;
}

type Observed = Omit<ObservationEvent, 'event'>;

type EndedAlert = Pick<Alert, 'alertId' | 'sessionId'> & { durationMs: number };

const tickMs = 1000;
/** How long before the records are queried again about the same alert. */
const knownMs = 5000;
/** How often the open alerts are read again, for events that were lost on the bus. */
const readAgainMs = 10_000;
/** Alerts pending while the records are unavailable. */
const maxUnwritten = 10_000;

const alertTypes: ReadonlySet<ObservationType> = new Set<ObservationType>([
  'answered_unobserved',
  ...Object.values(ruleSets).flatMap(({ rules }) => rules.filter(({ alert }) => alert).map(({ type }) => type)),
]);

/** Raises alerts, escalates and acknowledges them. An alert is written to the records first; the bus only speeds up its delivery. */
export class AlertService {
  readonly #options: AlertServiceOptions;
  readonly #delivery: AlertDelivery;
  readonly #subscription: Subscription;
  readonly #stopHealed: () => void;
  readonly #timer: NodeJS.Timeout;
  readonly #pending = new Set<Promise<void>>();
  readonly #outages: OutageLog;
  readonly #delivering = new Set<Promise<void>>();
  /** Alerts that are being recorded and sent, by id. */
  readonly #raising = new Map<string, Promise<void>>();
  /** Alerts that are being recorded, by session. */
  readonly #recording = new Map<string, Set<Promise<Alert | null>>>();
  /** Sessions whose refusal was logged. */
  readonly #full = new LRUCache<string, true>({ max: 10_000 });
  readonly #known: LRUCache<string, true>;
  /** Alerts whose end is recorded. */
  readonly #ended = new LRUCache<string, true>({ max: 50_000 });
  #unwritten: Observed[] = [];
  #unwrittenEnds: EndedAlert[] = [];
  #readAgainAtMs: number;

  constructor(options: AlertServiceOptions) {
    this.#options = options;
    this.#delivery = new AlertDelivery(options);
    const { now } = options;
    this.#known = new LRUCache({ max: 50_000, ttl: knownMs, ttlResolution: 0, perf: { now } });
    this.#outages = new OutageLog(options.log, options.now);
    this.#readAgainAtMs = options.now() + readAgainMs;
    this.#subscription = options.bus.subscribe(topics.alerts, [], (event) => {
      this.#runInBackground(this.#deliver(event));
    });
    this.#stopHealed = options.bus.onHealed(() => this.#runInBackground(this.#readAgain()));
    this.#timer = setInterval(() => this.#runInBackground(this.#tick()), tickMs).unref();
  }

  onObservation({ event, sessionId, observation }: ObservationEvent): void {
    if (observation.usual === true || !alertTypes.has(observation.type)) return;
    if (event === 'closed') return this.#runInBackground(this.#publishEnd(sessionId, observation));
    const alertId = alertIdOf(sessionId, observation.id);
    const raising = this.#raise({ sessionId, observation }).finally(() => this.#raising.delete(alertId));
    this.#raising.set(alertId, raising);
    this.#runInBackground(raising);
  }

  /** See `AlertDelivery.connect`. */
  connect(link: AlertLink): Promise<() => void> {
    return this.#delivery.connect(link);
  }

  /** Acknowledges the session's open alerts, or one of them. @returns false if the proctor may not see them. */
  async acknowledge(
    principal: Principal,
    { sessionId, alertId, outcome, note }: Omit<Acknowledgement, 'userId' | 'at'>,
  ): Promise<boolean> {
    const { records, exams, now } = this.#options;
    const open = await records.openOfSession(sessionId);
    const session = open[0] ?? (await this.#options.findSession(sessionId));
    if (session === null || !(await exams.mayWatch(principal, session.examId))) return false;
    const at = isoTime(now());
    const { userId } = principal;
    for (const alert of await records.acknowledge({ sessionId, alertId, userId, at, outcome, note })) {
      this.#options.metrics.alertsAcknowledged.inc();
      this.#publish({ kind: 'acknowledged', alert, userId, at, outcome, note });
    }
    return true;
  }

  /** Resolves when the session's alerts raised here so far are recorded, or recording them has failed for now. */
  async recorded(sessionId: string): Promise<void> {
    const recording = this.#recording.get(sessionId);
    if (recording !== undefined) await Promise.allSettled(recording);
  }

  /** Resolves when every observation so far is written. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopHealed();
    this.#subscription.close();
    await Promise.allSettled(this.#pending);
  }

  /** Delivers the end after the alert, whose delivery may still be looking up the exam's teachers. */
  async #deliver(event: AlertEvent): Promise<void> {
    if (event.kind === 'ended') await Promise.allSettled(this.#delivering);
    const delivering = this.#delivery.deliver(event);
    this.#delivering.add(delivering);
    try {
      await delivering;
    } finally {
      this.#delivering.delete(delivering);
    }
  }

  /** Only proctors who were sent the alert receive its end. */
  async #publishEnd(sessionId: string, { id, from_ms: fromMs, to_ms: toMs }: Observation): Promise<void> {
    const alertId = alertIdOf(sessionId, id);
    // The alert itself may still wait for its image.
    await this.#raising.get(alertId)?.catch(() => undefined);
    await this.#end({ alertId, sessionId, durationMs: Math.max(0, toMs - fromMs) });
  }

  /** Recorded and published once, although a reloaded analysis emits the ends of all of its observations again. */
  async #end(ended: EndedAlert): Promise<void> {
    const { alertId, sessionId, durationMs } = ended;
    if (this.#ended.has(alertId)) return;
    try {
      const isNew = await this.#options.records.end(alertId, durationMs);
      if (!isNew && this.#unwritten.some((each) => alertIdOf(each.sessionId, each.observation.id) === alertId))
        return this.#keepEnd(ended);
      this.#ended.set(alertId, true);
      if (!isNew) return;
    } catch (error) {
      this.#keepEnd(ended);
      throw error;
    }
    this.#publish({
      kind: 'ended',
      alertId,
      sessionId,
      durationS: durationMs / 1000,
      at: isoTime(this.#options.now()),
    });
  }

  /** Retried at the next tick. Without its end, an alert is shown as if its observation went on, which is noticed. */
  #keepEnd(ended: EndedAlert): void {
    if (this.#unwrittenEnds.length < maxUnwritten) this.#unwrittenEnds.push(ended);
  }

  async #raise(observed: Observed): Promise<void> {
    const alert = await this.#recordTracked(observed);
    if (alert === null) return;
    await this.#delivery.holdWhile(alert.alertId, async () => {
      this.#options.metrics.alertsRaised.inc({ type: alert.observation.type });
      this.#options.onRaised(alert);
      this.#publish({ kind: 'raised', alert, picture: await this.#pictureOf(alert) });
    });
  }

  async #recordTracked(observed: Observed): Promise<Alert | null> {
    const { sessionId } = observed;
    const recording = this.#recording.get(sessionId) ?? new Set();
    this.#recording.set(sessionId, recording);
    const work = this.#record(observed);
    recording.add(work);
    try {
      return await work;
    } finally {
      recording.delete(work);
      if (recording.size === 0) this.#recording.delete(sessionId);
    }
  }

  /** The recorded alert; null if it had been recorded before. */
  async #record(observed: Observed): Promise<Alert | null> {
    const { records, now, storeNow, escalateAfterMs } = this.#options;
    const { sessionId, observation } = observed;
    const alertId = alertIdOf(sessionId, observation.id);
    // A reloaded analysis emits all of its observations again.
    if (this.#known.has(alertId)) return null;
    try {
      const session = await this.#options.findSession(sessionId);
      const alert: Alert = {
        alertId,
        sessionId,
        examId: session?.examId ?? null,
        memberId: session?.memberId ?? null,
        observation,
        raisedAt: isoTime(now()),
        escalated: false,
        durationS: null,
      };
      const outcome = await records.raise(alert, isoTime(storeNow() + escalateAfterMs), budgetTable.alerts.limit);
      this.#known.set(alertId, true);
      if (outcome === 'full') this.#refuse(sessionId);
      return outcome === 'raised' ? alert : null;
    } catch (error) {
      this.#keep(observed);
      throw error;
    }
  }

  #refuse(sessionId: string): void {
    const { budget, log } = this.#options;
    budget.refused('alerts');
    if (this.#full.has(sessionId)) return;
    this.#full.set(sessionId, true);
    log.warn({ event: 'alerts.too_many', session_id: sessionId });
  }

  /** Retried at the next tick, so that an outage of the records loses no alert. */
  #keep(observed: Observed): void {
    const { log, metrics } = this.#options;
    const { sessionId, observation } = observed;
    if (this.#unwritten.length < maxUnwritten) this.#unwritten.push(observed);
    else log.error({ event: 'alerts.given_up', session_id: sessionId, type: observation.type });
    metrics.alertsUnwritten.set(this.#unwritten.length);
  }

  async #pictureOf({ sessionId, examId, observation }: Alert): Promise<string | null> {
    const { evidence } = await this.#options.exams.policyOf(examId);
    return evidence === 'thumbnail' ? this.#options.pictureOf(sessionId, observation.from_ms) : null;
  }

  async #tick(): Promise<void> {
    const { records, now, storeNow } = this.#options;
    const unwritten = this.#unwritten;
    this.#unwritten = [];
    await Promise.allSettled(unwritten.map((observed) => this.#raise(observed)));
    this.#options.metrics.alertsUnwritten.set(this.#unwritten.length);
    const ends = this.#unwrittenEnds;
    this.#unwrittenEnds = [];
    await Promise.allSettled(ends.map((ended) => this.#end(ended)));
    for (const alert of await records.escalateDue(isoTime(storeNow()))) {
      this.#publish({ kind: 'raised', alert, picture: null });
    }
    if (now() >= this.#readAgainAtMs) await this.#readAgain();
  }

  #readAgain(): Promise<void> {
    this.#readAgainAtMs = this.#options.now() + readAgainMs;
    return this.#delivery.readAgain();
  }

  #publish(event: AlertEvent): void {
    this.#options.bus.publish(topics.alerts, [], event);
  }

  /** Tracks the work so that `close` waits for it; logs failures at most every 30 s. */
  #runInBackground(work: Promise<void>): void {
    const watched = work
      .catch((error: unknown) => this.#outages.warn({ event: 'alerts.delayed', error }))
      .finally(() => this.#pending.delete(watched));
    this.#pending.add(watched);
  }
}
