import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import {
  ProctorMessageSchema,
  ProctorRegisterSchema,
  closeCodes,
  liveEnvelope,
  liveMessageBytes,
} from '@invigil/protocol/channels';
import type {
  LiveFrame,
  LiveProfile,
  ProctorMessage,
  RejectReason,
  SentinelInfo,
  ServerLiveMessage,
} from '@invigil/protocol/channels';
import type { Principal } from '../model/principal.ts';
import { isTemporary } from '../model/ingest-error.ts';
import { closeAtExpiry } from '../realtime/close-at-expiry.ts';
import type { Connection } from '../realtime/connection.ts';
import type { Accept, Channel } from '../realtime/gateway.ts';
import { LatestOnlyQueue } from '../realtime/latest-only-queue.ts';
import { parseJson } from '../realtime/parse-json.ts';
import { identify, reject } from './sentinel.ts';
import type { LiveChannelOptions } from './sentinel.ts';

/** A wall of hundreds of students is subscribed to at once; pictures are larger than other messages. */
const proctorLimits = {
  messagesPerSecond: 200,
  messageBurst: 5000,
  sendBufferBytes: 2 * liveMessageBytes,
};
/** Above it a proctor is slow, and gets the newest frame of each student only. */
const keepingUpBytes = 256 * 1024;
/** Comings and goings within it are told in one list. */
const gatherMs = 50;
const tellAgainMs = 1000;

/** `ws /ws/proctor` */
export const proctorChannel = (options: LiveChannelOptions): Channel => ({
  name: 'proctor',
  path: /^\/ws\/proctor$/,
  limits: proctorLimits,
  admit: async () => accept(options),
});

const accept =
  (options: LiveChannelOptions): Accept =>
  (connection) => {
    let proctor: Proctor | null = null;
    let expiry: NodeJS.Timeout | undefined;
    const deadline = setTimeout(() => connection.close(closeCodes.authTimeout), options.registerWithinMs).unref();
    connection.handle({
      async message(text) {
        const parsed = v.safeParse(ProctorMessageSchema, parseJson(text));
        const message = parsed.success ? parsed.output : null;
        if (proctor !== null) return message === null ? connection.strike() : proctor.take(message);
        if (message?.type !== 'proctor.register') return connection.close(closeCodes.policyViolation);
        const answer = await register(options, message.payload);
        if ('reason' in answer) return reject(connection, answer.reason, options.now());
        if (!connection.open) return;
        clearTimeout(deadline);
        expiry = closeAtExpiry(connection, answer, options.now());
        proctor = new Proctor(connection, answer, options);
        await proctor.begin();
      },
      tooFast: () => undefined,
      closed() {
        clearTimeout(deadline);
        clearTimeout(expiry);
        proctor?.end();
      },
    });
  };

const register = async (
  { authenticator }: LiveChannelOptions,
  payload: unknown,
): Promise<Principal | { reason: RejectReason }> => {
  const parsed = v.safeParse(ProctorRegisterSchema, payload);
  if (!parsed.success) return { reason: 'invalid registration payload' };
  try {
    const principal = await identify(authenticator, parsed.output.auth);
    if ('reason' in principal) return principal;
    return principal.role === 'STUDENT' ? { reason: 'insufficient permissions' } : principal;
  } catch (error) {
    if (isTemporary(error)) return { reason: 'server busy' };
    throw error;
  }
};

/** One registered proctor: what they may see, what they watch, and what they were told. */
class Proctor {
  readonly #connection: Connection;
  readonly #principal: Principal;
  readonly #options: LiveChannelOptions;
  readonly #frames: LatestOnlyQueue;
  readonly #subscriptions = new Map<string, { profile: LiveProfile; stop(): void }>();
  #stopSentinels: () => void = () => undefined;
  #gathering: NodeJS.Timeout | undefined;
  /** Null while no PIN is set: then students of all exams that this proctor may watch are listed. */
  #pinnedExam: { examId: string | null } | null = null;
  #told = '';

  constructor(connection: Connection, principal: Principal, options: LiveChannelOptions) {
    this.#connection = connection;
    this.#principal = principal;
    this.#options = options;
    this.#frames = new LatestOnlyQueue(connection, keepingUpBytes, () => options.metrics.liveFramesReplaced.inc());
  }

  async begin(): Promise<void> {
    this.#send({ type: 'server.registration.ack', payload: { proctorId: randomUUID() } });
    this.#stopSentinels = this.#options.view.onSentinels(() => this.#tellSoon(gatherMs));
    await this.#tellSentinels(true);
  }

  async take(message: ProctorMessage): Promise<void> {
    switch (message.type) {
      case 'proctor.register':
        return;
      case 'proctor.set-pin':
        this.#pinnedExam = { examId: await this.#options.exams.examOfPin(message.payload.pin) };
        return this.#tellSentinels(true);
      case 'proctor.subscribe':
        return this.#subscribe(message.payload.sentinelId);
      case 'proctor.revoke-subscription':
        return this.#revoke(message.payload.sentinelId);
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
    clearTimeout(this.#gathering);
    this.#stopSentinels();
    for (const subscription of this.#subscriptions.values()) subscription.stop();
    this.#subscriptions.clear();
  }

  async #mayWatch(sentinelId: string): Promise<boolean> {
    const sentinel = this.#options.view.sentinelOf(sentinelId);
    return sentinel !== null && this.#options.exams.mayWatch(this.#principal, sentinel.examId);
  }

  async #subscribe(sentinelId: string): Promise<void> {
    if (this.#subscriptions.has(sentinelId) || !(await this.#mayWatch(sentinelId)) || !this.#connection.open) return;
    const subscription = { profile: 'MEDIUM' as LiveProfile, stop: () => undefined as void };
    this.#subscriptions.set(sentinelId, subscription);
    subscription.stop = this.#options.view.watch(sentinelId, (frames) =>
      this.#show(sentinelId, frames, subscription.profile),
    );
  }

  #revoke(sentinelId: string): void {
    this.#subscriptions.get(sentinelId)?.stop();
    this.#subscriptions.delete(sentinelId);
    for (const kind of ['numbers', 'picture']) this.#frames.forget(`${kind} ${sentinelId}`);
  }

  #show(sentinelId: string, frames: readonly LiveFrame[], profile: LiveProfile): void {
    if (frames.length === 0) return;
    this.#options.metrics.liveFramesSent.inc(frames.length);
    const payload = { frames: [...frames], profile };
    // Numbers come more often than pictures, and would always be the newer ones.
    const kind = frames.every(({ data }) => data === null) ? 'numbers' : 'picture';
    this.#frames.offer(`${kind} ${sentinelId}`, liveEnvelope({ type: 'server.frame', payload }, this.#options.now()));
  }

  #tellSoon(withinMs: number): void {
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined;
      if (!this.#connection.open) return;
      // Without the records nobody can say who may be seen.
      this.#tellSentinels(false).catch(() => this.#tellSoon(tellAgainMs));
    }, withinMs);
  }

  async #tellSentinels(always: boolean): Promise<void> {
    const sentinels: SentinelInfo[] = [];
    const allowed = new Map<string | null, boolean>();
    for (const { key, entry } of this.#options.view.sentinels()) {
      const { examId, name } = entry;
      if (this.#pinnedExam !== null && this.#pinnedExam.examId !== examId) continue;
      const may = allowed.get(examId) ?? (await this.#options.exams.mayWatch(this.#principal, examId));
      allowed.set(examId, may);
      if (may) sentinels.push({ sentinelId: key, name });
    }
    sentinels.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.sentinelId < b.sentinelId ? -1 : 1));
    const told = JSON.stringify(sentinels);
    if (!always && told === this.#told) return;
    this.#told = told;
    this.#send({ type: 'server.update-sentinels', payload: { sentinels } });
  }

  #send(message: ServerLiveMessage): void {
    this.#connection.send(liveEnvelope(message, this.#options.now()));
  }
}
