import type { Connection } from './connection.ts';

/** The connections of this process by room (a session, an exam, …). An empty room does not exist. */
export class Rooms {
  readonly #rooms = new Map<string, Set<Connection>>();

  join(room: string, connection: Connection): void {
    const members = this.#rooms.get(room) ?? new Set();
    this.#rooms.set(room, members.add(connection));
  }

  leave(room: string, connection: Connection): void {
    const members = this.#rooms.get(room);
    members?.delete(connection);
    if (members?.size === 0) this.#rooms.delete(room);
  }

  members(room: string): readonly Connection[] {
    return [...(this.#rooms.get(room) ?? [])];
  }
}
