import type { ServerAlertsMessage } from '@invigil/protocol/channels';
import { LRUCache } from 'lru-cache';
import type { AlertEvent } from '../bus/topics.ts';
import type { ExamDirectory } from '../live/exam-directory.ts';
import { resultOf } from '../model/alert.ts';
import type { Alert } from '../model/alert.ts';
import type { Principal } from '../model/principal.ts';
import type { AlertRecords } from '../records/alert-records.ts';
import { isoTime } from '../time/iso-time.ts';

/** A proctor's connection. */
export interface AlertLink {
  principal: Principal;
  send(message: ServerAlertsMessage): void;
}

export interface AlertDeliveryOptions {
  records: Pick<AlertRecords, 'examsWithOpen' | 'open' | 'openAmong'>;
  exams: Pick<ExamDirectory, 'teachersOf' | 'mayWatch'>;
  /** Whether the user has an alerts connection, on any replica. */
  isConnected(userId: string): boolean;
  now: () => number;
}

type Ended = Extract<AlertEvent, { kind: 'ended' }>;

interface Subscriber {
  link: AlertLink;
  /** Open alerts that were sent over this link, by student. */
  sent: Map<string, Set<string>>;
  /** New alerts of sessions of which one was sent within the last second, by session. */
  gathered: Map<string, { alerts: Alert[]; ends: Ended[]; timer: NodeJS.Timeout }>;
}

type Anomaly = Extract<ServerAlertsMessage, { type: 'anomaly_detected' }>;

/** Batching window: after an alert is sent, that session's next alerts are collected for this long. */
const gatherMs = 1000;
/** Maximum number of one student's unacknowledged alerts sent to a proctor. Acknowledging some makes room for more. */
const openPerStudent = 25;
/** The same for all students of an exam, shared fairly. */
const openPerExam = 500;

/** Maximum total size of kept images. Beyond it, the least recently used images are dropped, but not their alerts. */
const maxImageChars = 32_000_000;

/** Sends each alert once to every proctor of this replica who should look at it. */
export class AlertDelivery {
  readonly #options: AlertDeliveryOptions;
  readonly #subscribers = new Set<Subscriber>();
  /** Images of open alerts by alert id, in memory only, for proctors who are notified later. */
  readonly #images = new LRUCache<string, string>({
    maxSize: maxImageChars,
    sizeCalculation: (image) => Math.max(1, image.length),
  });
  /** Recorded alerts held until their image arrives, because a proctor who already has the alert would never get the image. */
  readonly #awaitingImage = new Set<string>();

  constructor(options: AlertDeliveryOptions) {
    this.#options = options;
  }

  /**
   * Sends the link its open alerts, then every new one. Rejects if they cannot be read; the link then receives nothing.
   * @returns a function to call when the link is closed.
   */
  async connect(link: AlertLink): Promise<() => void> {
    const subscriber: Subscriber = { link, sent: new Map(), gathered: new Map() };
    this.#subscribers.add(subscriber);
    try {
      await this.#sendOpen(subscriber);
    } catch (error) {
      this.#subscribers.delete(subscriber);
      throw error;
    }
    return () => {
      this.#subscribers.delete(subscriber);
      for (const { timer } of subscriber.gathered.values()) clearTimeout(timer);
    };
  }

  /** Holds an alert back until `image` settles. */
  async holdWhile<Result>(alertId: string, image: () => Promise<Result>): Promise<Result> {
    this.#awaitingImage.add(alertId);
    try {
      return await image();
    } finally {
      this.#awaitingImage.delete(alertId);
    }
  }

  /** Delivers an event of any replica. */
  async deliver(event: AlertEvent): Promise<void> {
    if (event.kind === 'ended') return this.#publishEnd(event);
    const { alert } = event;
    if (event.kind === 'acknowledged') this.#images.delete(alert.alertId);
    else if (event.picture !== null) this.#images.set(alert.alertId, event.picture);
    const refill = new Set<Subscriber>();
    for (const subscriber of this.#subscribers) {
      // Acknowledgements go to all of the exam's teachers, not only to those who were notified.
      const isEscalated = event.kind === 'acknowledged' || alert.escalated;
      if (!(await this.#isFor(subscriber, alert.examId, isEscalated))) continue;
      if (event.kind === 'raised') {
        this.#gather(subscriber, alert);
        continue;
      }
      const hadMore = (subscriber.sent.get(studentOf(alert))?.size ?? 0) >= openPerStudent;
      subscriber.sent.get(studentOf(alert))?.delete(alert.alertId);
      const burst = subscriber.gathered.get(alert.sessionId);
      if (burst !== undefined) burst.alerts = burst.alerts.filter(({ alertId }) => alertId !== alert.alertId);
      // Alerts beyond the limit have room now.
      if (hadMore) refill.add(subscriber);
      subscriber.link.send({
        type: 'alert_acknowledged',
        stream_id: alert.sessionId,
        alert_id: alert.alertId,
        user_id: event.userId,
        outcome: event.outcome,
        note: event.note,
        timestamp: event.at,
      });
    }
    for (const subscriber of refill) await this.#sendOpen(subscriber);
  }

  #publishEnd(ended: Ended): void {
    for (const subscriber of this.#subscribers) {
      const burst = subscriber.gathered.get(ended.sessionId);
      // The alert itself is sent with its burst.
      if (burst?.alerts.some(({ alertId }) => alertId === ended.alertId) === true) burst.ends.push(ended);
      else sendEnd(subscriber, ended);
    }
  }

  /** Reads the open alerts again, so that one whose event was lost on the bus still arrives. */
  async readAgain(): Promise<void> {
    // An alert that was erased, or acknowledged while the bus was unavailable, no longer needs its image.
    const withImage = [...this.#images.keys()];
    const open = new Set(withImage.length === 0 ? [] : await this.#options.records.openAmong(withImage));
    for (const alertId of withImage) if (!open.has(alertId)) this.#images.delete(alertId);
    for (const subscriber of this.#subscribers) await this.#sendOpen(subscriber);
  }

  async #sendOpen(subscriber: Subscriber): Promise<void> {
    const { records } = this.#options;
    for (const examId of await records.examsWithOpen()) {
      if (!(await this.#isFor(subscriber, examId, true))) continue;
      for (const alert of await records.open(examId, openPerStudent, openPerExam)) {
        if (this.#awaitingImage.has(alert.alertId)) continue;
        if (await this.#isFor(subscriber, examId, alert.escalated)) this.#send(subscriber, [alert]);
      }
    }
  }

  /** Whether to notify this proctor. */
  async #isFor({ link }: Subscriber, examId: string | null, isEscalated: boolean): Promise<boolean> {
    const { principal } = link;
    if (principal.role === 'ADMIN') return true;
    const { first, others } = await this.#options.exams.teachersOf(examId);
    if (first.length === 0 && others.length === 0) return this.#options.exams.mayWatch(principal, examId);
    if (first.includes(principal.userId)) return true;
    // If no proctor to notify first is connected, notify the others at once.
    const isForOthers = isEscalated || !first.some((userId) => this.#options.isConnected(userId));
    return isForOthers && others.includes(principal.userId);
  }

  /** The first alert of a session is sent at once; those of the following second in one message. */
  #gather(subscriber: Subscriber, alert: Alert): void {
    const { gathered } = subscriber;
    const { sessionId } = alert;
    const burst = gathered.get(sessionId);
    if (burst !== undefined) return void burst.alerts.push(alert);
    if (this.#send(subscriber, [alert])) this.#startGathering(subscriber, sessionId);
  }

  #startGathering(subscriber: Subscriber, sessionId: string): void {
    const timer = setTimeout(() => {
      const { alerts = [], ends = [] } = subscriber.gathered.get(sessionId) ?? {};
      subscriber.gathered.delete(sessionId);
      if (this.#send(subscriber, alerts.toReversed())) this.#startGathering(subscriber, sessionId);
      for (const ended of ends) sendEnd(subscriber, ended);
    }, gatherMs).unref();
    subscriber.gathered.set(sessionId, { alerts: [], ends: [], timer });
  }

  /** Sends those that were not sent before, as far as there is room. @param alerts of one session @returns whether anything was sent */
  #send({ link, sent }: Subscriber, alerts: readonly Alert[]): boolean {
    const results: Pick<Anomaly, 'result' | 'frame'>[] = [];
    for (const alert of alerts) {
      const student = studentOf(alert);
      const sentOfStudent = sent.get(student) ?? new Set();
      if (sentOfStudent.has(alert.alertId) || sentOfStudent.size >= openPerStudent) continue;
      sent.set(student, sentOfStudent.add(alert.alertId));
      const image = this.#images.peek(alert.alertId);
      results.push({ result: resultOf(alert), ...(image === undefined ? {} : { frame: image }) });
    }
    const [first, ...more] = results;
    const [{ sessionId } = { sessionId: '' }] = alerts;
    if (first === undefined) return false;
    link.send({
      type: 'anomaly_detected',
      stream_id: sessionId,
      ...first,
      ...(more.length === 0 ? {} : { more }),
      timestamp: isoTime(this.#options.now()),
    });
    return true;
  }
}

/** Only proctors who were sent the alert receive its end. */
const sendEnd = ({ link, sent }: Subscriber, { alertId, sessionId, durationS, at }: Ended): void => {
  if (![...sent.values()].some((alertIds) => alertIds.has(alertId))) return;
  link.send({ type: 'anomaly_ended', stream_id: sessionId, alert_id: alertId, duration_s: durationS, timestamp: at });
};

const studentOf = ({ memberId, sessionId }: Alert): string => memberId ?? sessionId;
