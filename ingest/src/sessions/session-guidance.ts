import { randomUUID } from 'node:crypto';
import type { BreakAction, ExamPolicy, GuidanceMessage } from '@invigil/protocol/channels';
import type { Logger } from 'pino';
import type { Bus } from '../bus/bus.ts';
import { anyWord } from '../bus/subject.ts';
import { topics } from '../bus/topics.ts';
import { CrowdGate } from '../records/crowd-gate.ts';
import type { GuidanceAct, GuidanceRecords } from '../records/guidance-records.ts';
import type { Session } from '../model/session.ts';
import { isoTime } from '../time/iso-time.ts';

/** A connection of a student's page that receives guidance. */
export interface Listener {
  send(message: GuidanceMessage): void;
}

export interface SessionGuidanceOptions {
  records: GuidanceRecords;
  bus: Bus;
  policyOf: (examId: string | null) => Promise<ExamPolicy | null>;
  /** The session's connections on this replica that sent `hello`. */
  listenersOf: (sessionId: string) => readonly Listener[];
  /** The sessions with such connections. */
  listeningSessions: () => readonly string[];
  log: Logger;
  now: () => number;
}

/** A proctor's messages to a student, break requests and notes while the session runs. Each is recorded before it is sent. */
export class SessionGuidance {
  readonly #options: SessionGuidanceOptions;
  readonly #gate = new CrowdGate();

  constructor(options: SessionGuidanceOptions) {
    this.#options = options;
    options.bus.subscribe(topics.sessionGuided, [anyWord], ({ session_id: sessionId, message }) => {
      for (const listener of options.listenersOf(sessionId)) listener.send(message);
    });
    options.bus.onHealed(() => void this.#resend());
  }

  async mayBreak({ examId }: Session): Promise<boolean> {
    return (await this.#options.policyOf(examId))?.breaks ?? false;
  }

  async send(session: Session, actor: string, text: string): Promise<{ messageId: string }> {
    const messageId = randomUUID();
    const at = await this.#note(session, actor, { action: 'session.message', detail: { message_id: messageId, text } });
    this.#publish(session, { type: 'proctor_message', message_id: messageId, text, timestamp: at });
    return { messageId };
  }

  /** Sends the same message to many sessions of an exam. */
  async sendToMany(examId: string, sessions: readonly Session[], actor: string, text: string): Promise<void> {
    const at = isoTime(this.#options.now());
    const ids = new Map(sessions.map(({ sessionId }) => [sessionId, randomUUID()]));
    await this.#options.records.addToMany([...ids.keys()], { examId, actor, at }, (sessionId) => ({
      action: 'session.message',
      detail: { message_id: ids.get(sessionId) ?? '', text },
    }));
    for (const session of sessions) {
      const messageId = ids.get(session.sessionId) ?? '';
      this.#publish(session, { type: 'proctor_message', message_id: messageId, text, timestamp: at });
    }
  }

  async askBreak(session: Session, actor: string, action: BreakAction): Promise<void> {
    const at = await this.#note(session, actor, { action: 'session.break', detail: { action } });
    this.#publish(session, { type: 'break', action, timestamp: at });
  }

  async flag(session: Session, actor: string, note: string): Promise<void> {
    await this.#note(session, actor, { action: 'session.flag', detail: { note } });
  }

  /** Sends a (re)connecting page the messages that it may have missed. If the records are unavailable, its next `hello` tries again. */
  async onHello(session: Session, listener: Listener): Promise<void> {
    const { log } = this.#options;
    try {
      await this.#gate.pass();
      const [mayBreak, messages] = await Promise.all([this.mayBreak(session), this.#messages(session.sessionId)]);
      if (mayBreak) listener.send({ type: 'breaks', allowed: true });
      for (const message of messages) listener.send(message);
    } catch (error) {
      log.warn({ event: 'session.guidance_not_read', session_id: session.sessionId, error });
    }
  }

  /** Sends messages that were published while this replica was cut off. Pages recognise duplicates by their ids. */
  async #resend(): Promise<void> {
    const { listeningSessions, listenersOf, log } = this.#options;
    for (const sessionId of listeningSessions()) {
      try {
        for (const message of await this.#messages(sessionId)) {
          for (const listener of listenersOf(sessionId)) listener.send(message);
        }
      } catch (error) {
        log.warn({ event: 'session.guidance_not_read', session_id: sessionId, error });
      }
    }
  }

  async #messages(sessionId: string): Promise<GuidanceMessage[]> {
    const kept = await this.#options.records.messages(sessionId);
    return kept.map(({ messageId, text, at }) => ({
      type: 'proctor_message',
      message_id: messageId,
      text,
      timestamp: at,
    }));
  }

  async #note({ sessionId, examId }: Session, actor: string, act: GuidanceAct): Promise<string> {
    const at = isoTime(this.#options.now());
    await this.#options.records.add({ sessionId, examId, actor, at }, act);
    return at;
  }

  #publish({ sessionId }: Session, message: GuidanceMessage): void {
    this.#options.bus.publish(topics.sessionGuided, [sessionId], { session_id: sessionId, message });
  }
}
