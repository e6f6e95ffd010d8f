import { memberOfSession } from '../../api/session-api.ts';
import { ambiguousSessions } from './seat.ts';
import type { SeatCollection } from './seat-collection.ts';

/** Asks the server, once per session, which student owns a session whose name matches several students. */
export class SessionOwners {
  readonly #seats: SeatCollection;
  readonly #onOwner: () => void;
  readonly #asked = new Set<string>();

  constructor(seats: SeatCollection, onOwner: () => void) {
    this.#seats = seats;
    this.#onOwner = onOwner;
  }

  async resolve(): Promise<void> {
    for (const sessionId of ambiguousSessions(this.#seats)) {
      if (this.#asked.has(sessionId)) continue;
      this.#asked.add(sessionId);
      const memberId = await memberOfSession(sessionId);
      if (memberId !== null && this.#seats.setOwner(sessionId, memberId)) this.#onOwner();
    }
  }
}
