import { randomUUID } from 'node:crypto';
import { liveEnvelope } from '@invigil/protocol/channels';
import type {
  LiveFrame,
  LiveProfile,
  ProctorMessage,
  SentinelInfo,
  ServerLiveMessage,
  UnobservedSentinel,
} from '@invigil/protocol/channels';
import type { Principal } from '../model/principal.ts';
import { LatestOnlyQueue } from '../realtime/latest-only-queue.ts';
import type { LatestOnlyTarget } from '../realtime/latest-only-queue.ts';
import type { IngestMetrics } from '../telemetry/ingest-metrics.ts';
import type { ExamDirectory } from './exam-directory.ts';
import type { LiveView } from './live-view.ts';

/** A proctor's connection. */
export interface ProctorLink extends LatestOnlyTarget {
  readonly open: boolean;
}

export interface ProctorViewOptions {
  view: LiveView;
  exams: Pick<ExamDirectory, 'mayWatch' | 'examOfPin'>;
  metrics: Pick<IngestMetrics, 'liveFramesSent' | 'liveFramesReplaced'>;
  now: () => number;
  /** Whether this proctor's client requested the list of students who are not observed. */
  wantsUnobserved?: boolean;
}

/** Above this many unsent bytes a proctor is slow, and receives only the newest frame of each student. */
const slowAboveBytes = 256 * 1024;
/** Students who join and leave within this time are sent as one list. */
const gatherMs = 50;
/**
 * A list is sent at most every millisecond for each student in it, so that a large exam that comes back after an outage costs its proctors'
 * connections at most some 100 kB a second.
 */
const listMsPerStudent = 1;
const maxListMs = 1000;
/** The list of students who are not observed is sent this often at most. */
const unobservedEveryMs = 500;
/** Delay before retrying the list after the records were unavailable. */
const retryMs = 1000;

/** One registered proctor's view: the students they may see, those they watch, and what was sent to them. */
export class ProctorView {
  readonly #link: ProctorLink;
  readonly #principal: Principal;
  readonly #options: ProctorViewOptions;
  readonly #frames: LatestOnlyQueue;
  readonly #proctorId = randomUUID();
  readonly #subscriptions = new Map<string, { profile: LiveProfile; stop(): void }>();
  #stopFollowing: () => void = () => undefined;
  #sendTimer: NodeJS.Timeout | undefined;
  #unobservedTimer: NodeJS.Timeout | undefined;
  /** Null until a PIN is set: the list then holds the students of every exam that this proctor may watch. */
  #pinnedExam: { examId: string | null } | null = null;
  #lastSent = '';
  /** When the next list may be sent. */
  #nextListMs = -Infinity;
  #unobserved: UnobservedSentinel[] = [];
  #lastUnobserved = '';

  constructor(link: ProctorLink, principal: Principal, options: ProctorViewOptions) {
    this.#link = link;
    this.#principal = principal;
    this.#options = options;
    this.#frames = new LatestOnlyQueue(link, slowAboveBytes, () => options.metrics.liveFramesReplaced.inc());
  }

  async begin(): Promise<void> {
    this.#confirm();
    this.#stopFollowing = this.#options.view.onSentinels(() => this.#sendSentinelsSoon(this.#gatherMs()));
    await this.#sendSentinels(true);
  }

  async take(message: ProctorMessage): Promise<void> {
    switch (message.type) {
      case 'proctor.register':
        // The reply tells the client that its connection still works.
        return this.#confirm();
      case 'proctor.set-pin':
        this.#pinnedExam = { examId: await this.#options.exams.examOfPin(message.payload.pin) };
        return this.#sendSentinels(true);
      case 'proctor.subscribe':
        return this.#subscribe(message.payload.sentinelId);
      case 'proctor.revoke-subscription':
        return this.#unsubscribe(message.payload.sentinelId);
      case 'proctor.set-profile': {
        const { sentinelId, profile } = message.payload;
        if (!(await this.#mayWatch(sentinelId))) return;
        const subscription = this.#subscriptions.get(sentinelId);
        if (subscription !== undefined) subscription.profile = profile;
        return this.#options.view.setProfile(sentinelId, profile);
      }
    }
  }

  end(): void {
    clearTimeout(this.#sendTimer);
    clearTimeout(this.#unobservedTimer);
    this.#stopFollowing();
    for (const subscription of this.#subscriptions.values()) subscription.stop();
    this.#subscriptions.clear();
  }

  #confirm(): void {
    this.#send({ type: 'server.registration.ack', payload: { proctorId: this.#proctorId } });
  }

  async #mayWatch(sentinelId: string): Promise<boolean> {
    const sentinel = this.#options.view.sentinelOf(sentinelId);
    return sentinel !== null && this.#options.exams.mayWatch(this.#principal, sentinel.examId);
  }

  async #subscribe(sentinelId: string): Promise<void> {
    if (this.#subscriptions.has(sentinelId) || !(await this.#mayWatch(sentinelId)) || !this.#link.open) return;
    const subscription = { profile: 'MEDIUM' as LiveProfile, stop: () => undefined as void };
    this.#subscriptions.set(sentinelId, subscription);
    subscription.stop = this.#options.view.watch(sentinelId, (frames) =>
      this.#show(sentinelId, frames, subscription.profile),
    );
  }

  #unsubscribe(sentinelId: string): void {
    this.#subscriptions.get(sentinelId)?.stop();
    this.#subscriptions.delete(sentinelId);
    for (const kind of ['numbers', 'picture']) this.#frames.forget(`${kind} ${sentinelId}`);
  }

  #show(sentinelId: string, frames: readonly LiveFrame[], profile: LiveProfile): void {
    if (frames.length === 0) return;
    this.#options.metrics.liveFramesSent.inc(frames.length);
    const payload = { frames: [...frames], profile };
    // Numbers arrive more often than images and would always replace them.
    const kind = frames.every(({ data }) => data === null) ? 'numbers' : 'picture';
    this.#frames.offer(`${kind} ${sentinelId}`, liveEnvelope({ type: 'server.frame', payload }, this.#options.now()));
  }

  #gatherMs(): number {
    return Math.max(gatherMs, this.#nextListMs - this.#options.now());
  }

  #sendSentinelsSoon(withinMs: number): void {
    this.#sendTimer ??= setTimeout(() => {
      this.#sendTimer = undefined;
      if (!this.#link.open) return;
      // While the records are unavailable it is unknown which students the proctor may see.
      this.#sendSentinels(false).catch(() => this.#sendSentinelsSoon(retryMs));
    }, withinMs);
  }

  async #sendSentinels(always: boolean): Promise<void> {
    const sentinels: SentinelInfo[] = [];
    const unobserved: UnobservedSentinel[] = [];
    const allowed = new Map<string | null, boolean>();
    for (const { key, entry } of this.#options.view.sentinels(this.#pinnedExam?.examId)) {
      const { examId, name, unobserved: gap } = entry;
      const may = allowed.get(examId) ?? (await this.#options.exams.mayWatch(this.#principal, examId));
      allowed.set(examId, may);
      if (!may) continue;
      sentinels.push({ sentinelId: key, name });
      if (gap !== undefined) {
        unobserved.push({ sentinelId: key, since: Math.floor(gap.sinceMs / 1000), reason: gap.reason });
      }
    }
    if (this.#options.wantsUnobserved === true) this.#sendUnobservedSoon(unobserved);
    sentinels.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.sentinelId < b.sentinelId ? -1 : 1));
    const list = JSON.stringify(sentinels);
    if (!always && list === this.#lastSent) return;
    this.#lastSent = list;
    this.#nextListMs = this.#options.now() + Math.min(sentinels.length * listMsPerStudent, maxListMs);
    this.#send({ type: 'server.update-sentinels', payload: { sentinels } });
  }

  #sendUnobservedSoon(sentinels: UnobservedSentinel[]): void {
    this.#unobserved = sentinels;
    this.#unobservedTimer ??= setTimeout(() => {
      this.#unobservedTimer = undefined;
      const list = JSON.stringify(this.#unobserved);
      if (!this.#link.open || list === this.#lastUnobserved) return;
      this.#lastUnobserved = list;
      this.#send({ type: 'server.update-unobserved', payload: { sentinels: this.#unobserved } });
    }, unobservedEveryMs);
  }

  #send(message: ServerLiveMessage): void {
    this.#link.send(liveEnvelope(message, this.#options.now()));
  }
}
