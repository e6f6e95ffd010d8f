/** One pattern that is being received. */
export interface FollowedPattern {
  ready: Promise<void>;
  stop: () => void;
}

/** The wire to the other replicas. It carries text, loses what is sent while it is down, and comes back by itself. */
export interface BusLink {
  /** False when the link is down and the text went nowhere. */
  publish(subject: string, text: string): boolean;
  /** Begins to receive what fits the pattern, again after each loss of the link, until it is stopped. */
  follow(pattern: string, receive: (subject: string, text: string) => void): FollowedPattern;
  /** Called each time that the link is back after it was down, when everything followed is followed again. */
  onUp(listener: () => void): void;
  check(): Promise<void>;
  close(): Promise<void>;
}
