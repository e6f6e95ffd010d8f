/** One connection of a person to an exam. A newer one in the same slot takes its place. */
export interface Place {
  slot: string;
  connectionId: string;
  userId: string;
  isStudent: boolean;
  replicaId: string;
  connectedAt: string;
}

/**
 * - `enter`: takes the slot, replacing an older connection.
 * - `restore`: takes the slot if it is free.
 * - `leave`: leaves the slot, unless a newer connection has it.
 */
export type AttendanceStep =
  | { kind: 'enter' | 'restore'; place: Place }
  | { kind: 'leave'; place: Pick<Place, 'slot' | 'connectionId' | 'userId'> };

/** The exam's attendance after a step. */
export interface AttendanceChange {
  /** Whether the person was absent before, or is absent now. */
  changed: boolean;
  /** Number of connected students. */
  connectedCount: number;
  /** Set by the records: grows with each write of the exam's attendance, on any replica. */
  order?: number;
}

export interface AttendanceOutcome {
  changes: AttendanceChange[];
  /** Changes to write. */
  taken: Place[];
  freed: string[];
}

/**
 * Applies steps to an exam's attendance, in order.
 *
 * @param present the places of everybody whom the steps concern, and of any others
 * @param otherStudents number of connected students who have no place in `present`
 */
export const stepAttendance = (
  present: readonly Place[],
  steps: readonly AttendanceStep[],
  otherStudents = 0,
): AttendanceOutcome => {
  const slots = new Map(present.map((place) => [place.slot, place]));
  const connections = new Map<string, number>();
  let students = otherStudents;
  const add = (place: Place, by: 1 | -1): void => {
    const count = (connections.get(place.userId) ?? 0) + by;
    connections.set(place.userId, count);
    if (place.isStudent && count === (by === 1 ? 1 : 0)) students += by;
  };
  for (const place of slots.values()) add(place, 1);

  const touched = new Set<string>();
  const changes = steps.map((step): AttendanceChange => {
    const { slot, userId, connectionId } = step.place;
    const before = connections.get(userId) ?? 0;
    const holder = slots.get(slot);
    if (step.kind === 'leave') {
      if (holder?.connectionId === connectionId) {
        slots.delete(slot);
        touched.add(slot);
        add(holder, -1);
      }
    } else if (step.kind === 'enter' || holder === undefined) {
      slots.set(slot, step.place);
      touched.add(slot);
      // Add the new connection first, so that a person whose connection is replaced is never absent.
      add(step.place, 1);
      if (holder !== undefined) add(holder, -1);
    }
    const after = connections.get(userId) ?? 0;
    return { changed: (before === 0) !== (after === 0), connectedCount: students };
  });

  const taken: Place[] = [];
  const freed: string[] = [];
  for (const slot of touched) {
    const place = slots.get(slot);
    if (place === undefined) freed.push(slot);
    else taken.push(place);
  }
  return { changes, taken, freed };
};
