import { ruleSets } from '@invigil/protocol/rules';
import type { ObservationType } from '@invigil/protocol/rules';
import type { ServerAlertsMessage } from '@invigil/protocol/channels';
import type { Logger } from 'pino';
import type { Principal } from '../model/principal.ts';
import type { Bus, Subscription } from '../bus/bus.ts';
import { topics } from '../bus/topics.ts';
import type { AlertEvent } from '../bus/topics.ts';
import type { ExamDirectory } from '../live/exam-directory.ts';
import type { IngestMetrics } from '../telemetry/ingest-metrics.ts';
import { OutageLog } from '../telemetry/outage-log.ts';
import type { AlertRecords } from '../records/alert-records.ts';
import type { Session } from '../model/session.ts';
import { alertIdOf, resultOf } from '../model/alert.ts';
import type { Alert } from '../model/alert.ts';
import { AlertPictures } from './alert-pictures.ts';
import type { ObservationEvent } from '../analysis/live-analysis.ts';

export interface AlertDeskOptions {
  records: AlertRecords;
  exams: ExamDirectory;
  bus: Bus;
  findSession(sessionId: string): Promise<Session | null>;
  /** A small picture of a session at this moment, JPEG in base64, where there is one. */
  pictureOf(sessionId: string): Promise<string | null>;
  /** After it an alert that nobody took goes on to the exam's other teachers. */
  escalateAfterMs: number;
  metrics: IngestMetrics;
  /** Called once for each alert, on the replica that raised it. */
  onRaised(alert: Alert): void;
  log: Logger;
  now: () => number;
}

/** Where a proctor is reached. */
export interface AlertLink {
  principal: Principal;
  send(message: ServerAlertsMessage): void;
}

interface Linked {
  link: AlertLink;
  /** Open alerts that were sent over this link. */
  sent: Set<string>;
}

const tickMs = 1000;
/** The open alerts are read again so often, so that one whose news was lost on the bus still arrives. */
const readAgainMs = 10_000;
/** All pictures that are kept. Beyond it the oldest are forgotten; the alerts are not. */
const maxPictureChars = 32_000_000;
/** Alerts that wait for the records to come back. */
const maxUnwritten = 10_000;

const alertTypes: ReadonlySet<ObservationType> = new Set(
  Object.values(ruleSets).flatMap(({ rules }) => rules.filter(({ alert }) => alert).map(({ type }) => type)),
);

/**
 * Raises alerts, brings each to those who should look, and remembers who took it. What is raised is in the records first; the bus
 * only makes it quick.
 */
export class AlertService {
  readonly #options: AlertDeskOptions;
  readonly #links = new Set<Linked>();
  readonly #subscription: Subscription;
  readonly #stopHealed: () => void;
  readonly #timer: NodeJS.Timeout;
  readonly #pending = new Set<Promise<void>>();
  /** Pictures of open alerts, in memory alone: for whoever is told later. */
  readonly #pictures = new AlertPictures(maxPictureChars);
  /** In the records already, but told only with their picture: whoever was told before would never see it. */
  readonly #awaitingPicture = new Set<string>();
  #unwritten: Omit<ObservationEvent, 'event'>[] = [];
  #readAgainAtMs: number;
  readonly #outages: OutageLog;

  constructor(options: AlertDeskOptions) {
    this.#options = options;
    this.#outages = new OutageLog(options.log, options.now);
    this.#readAgainAtMs = options.now() + readAgainMs;
    this.#subscription = options.bus.subscribe(topics.alerts, [], (event) => {
      this.#quietly(this.#deliver(event));
    });
    this.#stopHealed = options.bus.onHealed(() => this.#quietly(this.#readAgain()));
    this.#timer = setInterval(() => this.#quietly(this.#tick()), tickMs).unref();
  }

  observed({ event, sessionId, observation }: ObservationEvent): void {
    if (event !== 'opened' || !alertTypes.has(observation.type)) return;
    this.#quietly(this.#raise({ sessionId, observation }));
  }

  /** Brings the link its open alerts, then every new one. Rejects when they cannot be read: the link then gets nothing. @returns what to call when it is gone. */
  async connect(link: AlertLink): Promise<() => void> {
    const linked: Linked = { link, sent: new Set() };
    this.#links.add(linked);
    try {
      await this.#sendOpen(linked);
    } catch (error) {
      this.#links.delete(linked);
      throw error;
    }
    return () => this.#links.delete(linked);
  }

  /** Takes the session's open alerts, or one of them. False when this proctor has no right to them. */
  async acknowledge(principal: Principal, sessionId: string, alertId: string | null): Promise<boolean> {
    const { records, exams, now } = this.#options;
    const open = await records.openOfSession(sessionId);
    const session = open[0] ?? (await this.#options.findSession(sessionId));
    if (session === null || !(await exams.mayWatch(principal, session.examId))) return false;
    const at = new Date(now()).toISOString();
    for (const alert of await records.acknowledge({ sessionId, alertId, userId: principal.userId, at })) {
      this.#options.metrics.alertsAcknowledged.inc();
      this.#publish({ kind: 'acknowledged', alert, userId: principal.userId, at });
    }
    return true;
  }

  /** Resolves when what was observed is written. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopHealed();
    this.#subscription.close();
    await Promise.allSettled(this.#pending);
  }

  async #raise(observed: Omit<ObservationEvent, 'event'>): Promise<void> {
    const { records, now, escalateAfterMs, log } = this.#options;
    const { sessionId, observation } = observed;
    try {
      const session = await this.#options.findSession(sessionId);
      const alert: Alert = {
        alertId: alertIdOf(sessionId, observation.id),
        sessionId,
        examId: session?.examId ?? null,
        memberId: session?.memberId ?? null,
        observation,
        raisedAt: new Date(now()).toISOString(),
        escalated: false,
      };
      if (!(await records.raise(alert, new Date(now() + escalateAfterMs).toISOString()))) return;
      this.#awaitingPicture.add(alert.alertId);
      try {
        this.#options.metrics.alertsRaised.inc({ type: observation.type });
        this.#options.onRaised(alert);
        this.#publish({ kind: 'raised', alert, picture: await this.#pictureOf(alert) });
      } finally {
        this.#awaitingPicture.delete(alert.alertId);
      }
    } catch (error) {
      // Kept and tried again: an alert is never lost because the records were away for a while.
      if (this.#unwritten.length < maxUnwritten) this.#unwritten.push(observed);
      else log.error({ event: 'alerts.given_up', session_id: sessionId, type: observation.type });
      this.#options.metrics.alertsUnwritten.set(this.#unwritten.length);
      throw error;
    }
  }

  async #pictureOf({ sessionId, examId }: Alert): Promise<string | null> {
    const { evidence } = await this.#options.exams.policyOf(examId);
    return evidence === 'thumbnail' ? this.#options.pictureOf(sessionId) : null;
  }

  async #tick(): Promise<void> {
    const { records, now } = this.#options;
    const unwritten = this.#unwritten;
    this.#unwritten = [];
    await Promise.allSettled(unwritten.map((observed) => this.#raise(observed)));
    this.#options.metrics.alertsUnwritten.set(this.#unwritten.length);
    for (const alert of await records.escalateDue(new Date(now()).toISOString())) {
      this.#publish({ kind: 'raised', alert, picture: null });
    }
    if (now() >= this.#readAgainAtMs) await this.#readAgain();
  }

  async #readAgain(): Promise<void> {
    const { records, now } = this.#options;
    this.#readAgainAtMs = now() + readAgainMs;
    // An alert that was erased, or taken while the bus was away, needs its picture no more.
    const pictured = this.#pictures.alertIds();
    const open = new Set(pictured.length === 0 ? [] : await records.openAmong(pictured));
    for (const alertId of pictured) if (!open.has(alertId)) this.#pictures.forget(alertId);
    for (const linked of this.#links) await this.#sendOpen(linked);
  }

  async #sendOpen(linked: Linked): Promise<void> {
    const { records } = this.#options;
    if (this.#links.size === 0) return;
    for (const examId of await records.examsWithOpen()) {
      if (!(await this.#isFor(linked, examId, true))) continue;
      for (const alert of await records.open(examId)) {
        if (this.#awaitingPicture.has(alert.alertId)) continue;
        if (await this.#isFor(linked, examId, alert.escalated)) this.#send(linked, alert);
      }
    }
  }

  /** Whether this proctor is one of those who are told. */
  async #isFor({ link }: Linked, examId: string | null, escalated: boolean): Promise<boolean> {
    const { first, others } = await this.#options.exams.teachersOf(examId);
    const { principal } = link;
    if (first.length === 0 && others.length === 0) return this.#options.exams.mayWatch(principal, examId);
    return first.includes(principal.userId) || (escalated && others.includes(principal.userId));
  }

  async #deliver(event: AlertEvent): Promise<void> {
    const { alert } = event;
    if (event.kind === 'acknowledged') this.#pictures.forget(alert.alertId);
    else if (event.picture !== null) this.#pictures.keep(alert.alertId, event.picture);
    for (const linked of this.#links) {
      // All of the exam's teachers see that it was taken, whoever was asked.
      const escalated = event.kind === 'acknowledged' || alert.escalated;
      if (!(await this.#isFor(linked, alert.examId, escalated))) continue;
      if (event.kind === 'raised') {
        this.#send(linked, alert);
        continue;
      }
      linked.sent.delete(alert.alertId);
      linked.link.send({
        type: 'alert_acknowledged',
        stream_id: alert.sessionId,
        alert_id: alert.alertId,
        user_id: event.userId,
        timestamp: event.at,
      });
    }
  }

  #send({ link, sent }: Linked, alert: Alert): void {
    if (sent.has(alert.alertId)) return;
    const picture = this.#pictures.of(alert.alertId);
    sent.add(alert.alertId);
    link.send({
      type: 'anomaly_detected',
      stream_id: alert.sessionId,
      result: resultOf(alert),
      ...(picture === null ? {} : { frame: picture }),
      timestamp: new Date(this.#options.now()).toISOString(),
    });
  }

  #publish(event: AlertEvent): void {
    this.#options.bus.publish(topics.alerts, [], event);
  }

  #quietly(work: Promise<void>): void {
    const watched = work
      .catch((error: unknown) => this.#outages.warn({ event: 'alerts.delayed', error }))
      .finally(() => this.#pending.delete(watched));
    this.#pending.add(watched);
  }
}
