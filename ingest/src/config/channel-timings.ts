/** The documented intervals of the alerts channel. */
export interface AlertsTimings {
  pingEveryMs: number;
  /** Time without a ping or pong from the client after which it counts as disconnected. */
  timeoutMs: number;
  /** How long an alert waits for its thumbnail. */
  pictureWithinMs: number;
}

export const alertsTimings: AlertsTimings = { pingEveryMs: 30_000, timeoutMs: 60_000, pictureWithinMs: 3000 };

/** The documented intervals of the presence channel. */
export interface PresenceTimings {
  connectWithinMs: number;
  pingEveryMs: number;
  pongWithinMs: number;
  /** How long a server that is shutting down waits for its agents to move to another replica. */
  drainMs: number;
}

export const presenceTimings: PresenceTimings = {
  connectWithinMs: 10_000,
  pingEveryMs: 30_000,
  pongWithinMs: 5000,
  drainMs: 10_000,
};
