import * as v from 'valibot';
import type { MessageRelay } from './message-relay.ts';
import { subject } from './subject.ts';
import type { AnyWord } from './subject.ts';
import type { Topic, Words } from './topic.ts';

export interface Subscription {
  /** Resolves once messages from every replica arrive. Stays pending while the bus is unavailable; never rejects. */
  readonly ready: Promise<void>;
  close(): void;
}

/** A received message that does not match its topic's schema. Holds field paths only, never values. */
export interface InvalidMessage {
  /** The topic's pattern, such as `sessions.*.ended`. */
  topic: string;
  fields: readonly string[];
}

/**
 * Carries messages between the replicas. It is not a store: write what must survive to the records first, then publish.
 *
 * - **Topics**: see `topics.ts`. A topic's pattern is words joined by dots; the caller supplies one word for each `*`, or `anyWord`
 *   when subscribing. Messages from other replicas are parsed with the topic's schema; those that do not match are dropped and reported.
 * - **Order**: messages of one replica arrive everywhere in the order in which they were published. Between replicas there is none.
 * - **Loss**: at most once. Subscribers of the publishing replica always get the message; the others miss messages published while
 *   they, or the publisher, are disconnected from the bus. After a reconnect every replica calls its `onHealed` listeners, which
 *   read their state from the records again.
 *
 * @example
 * bus.subscribe(topics.sessionEnded, [anyWord], ({ session_id }) => forget(session_id));
 * bus.publish(topics.sessionEnded, [sessionId], { session_id: sessionId });
 */
export class Bus {
  readonly #relay: MessageRelay;
  readonly #onInvalid: (invalid: InvalidMessage) => void;

  constructor(relay: MessageRelay, onInvalid: (invalid: InvalidMessage) => void) {
    this.#relay = relay;
    this.#onInvalid = onInvalid;
  }

  /** Handlers of this replica run asynchronously, after this call returns. */
  publish<Subject extends string, Message extends object>(
    topic: Topic<Subject, Message>,
    words: Words<Subject>,
    message: NoInfer<Message>,
  ): void {
    this.#relay.publish(subject(topic.pattern, words), message);
  }

  subscribe<Subject extends string, Message extends object>(
    topic: Topic<Subject, Message>,
    words: Words<Subject, string | AnyWord>,
    handler: (message: Message) => void,
  ): Subscription {
    return this.#relay.subscribe(subject(topic.pattern, words), (message, origin) => {
      // The compiler has already checked this replica's own messages.
      const parsed = origin === 'local' ? (message as Message) : this.#parse(topic, message);
      if (parsed !== null) handler(parsed);
    });
  }

  /** Called when messages may have been missed: read dependent state again. @returns removes the listener. */
  onHealed(listener: () => void): () => void {
    return this.#relay.onHealed(listener);
  }

  /** Rejects with `bus_unavailable` while this replica is cut off from the others. */
  check(): Promise<void> {
    return this.#relay.check();
  }

  close(): Promise<void> {
    return this.#relay.close();
  }

  #parse<Message extends object>({ pattern, schema }: Topic<string, Message>, message: unknown): Message | null {
    const parsed = v.safeParse(schema, message);
    if (parsed.success) return parsed.output;
    const fields = parsed.issues.map((issue) => v.getDotPath(issue) ?? '(message)');
    this.#onInvalid({ topic: pattern, fields });
    return null;
  }
}
