/** A pattern whose messages are being received. */
export interface FollowedPattern {
  ready: Promise<void>;
  stop: () => void;
}

/** The transport to the other replicas. It carries text, loses messages sent while it is down, and reconnects by itself. */
export interface BusLink {
  /** Whether there are no other replicas: nothing needs to be published. */
  readonly isLocal: boolean;
  /** False if the text was dropped: the link is down, or does not carry texts of this size. */
  publish(subject: string, text: string): boolean;
  /** Receives subjects that match the pattern, resubscribing after each reconnect, until stopped. */
  follow(pattern: string, receive: (subject: string, text: string) => void): FollowedPattern;
  /** Called after each reconnect, once all patterns are subscribed again. */
  onUp(listener: () => void): void;
  check(): Promise<void>;
  /** Sends pending messages, within a time limit, then disconnects. */
  close(): Promise<void>;
}
