import type { LiveFrameCoverage } from '@invigil/protocol/channels';

/** A student's place on the wall: enrolled, or connected without being enrolled. */
export interface Seat {
  /** The student's number if known, otherwise the session. */
  key: string;
  name: string;
  studentId: string | null;
  /** The newest known session of this student; null: none yet. */
  sessionId: string | null;
  /** Whether that session is connected now. */
  isPresent: boolean;
  /** Number of violations that the student's page detected. */
  pageViolations: number;
  hasSubmitted: boolean;
  /** Number of questions that the student has answered. */
  answered: number;
  /** When the connection was lost, on this device's clock; null while it is open, and if that was before this page opened. */
  lostAtMs: number | null;
  /** Whether the student's last session has ended. */
  hasEnded: boolean;
  /** Whether a phone is the camera of the running session. */
  hasPhoneCamera?: boolean;
  /** Of the student's newest session, as the server recorded it; null: nothing is recorded. */
  coverage?: LiveFrameCoverage | null;
}

export interface EnrolledStudent {
  name: string;
  pageViolations: number;
  hasSubmitted: boolean;
  answered: number;
  hasEnded: boolean;
  hasPhoneCamera?: boolean;
  coverage?: LiveFrameCoverage | null;
}

/** A session that is, or was, connected. */
export interface SeenSession {
  name: string;
  isPresent: boolean;
  lostAtMs: number | null;
}

export interface SeatSources {
  /** By student number. */
  students: ReadonlyMap<string, EnrolledStudent>;
  /** By session, the newest last. */
  sessions: ReadonlyMap<string, SeenSession>;
  /** Session to student number, as stated by the server. */
  members: ReadonlyMap<string, string>;
  /** Whether sessions of people who are not enrolled are shown. */
  includesUnenrolled: boolean;
}

/** Students by the name that a session may give: their number or their name; null if several share it. */
const studentsByName = (students: SeatSources['students']): Map<string, string | null> => {
  const byName = new Map<string, string | null>();
  for (const [id, { name }] of students) byName.set(name, byName.has(name) ? null : id);
  for (const id of students.keys()) byName.set(id, id);
  return byName;
};

/** Sessions whose student only the server knows, because several share the name. */
export const ambiguousSessions = ({ students, sessions, members }: SeatSources): string[] => {
  const byName = studentsByName(students);
  return [...sessions]
    .filter(([id, { name }]) => !members.has(id) && byName.get(name) === null)
    .map(([sessionId]) => sessionId);
};

/** All seats, without duplicates. A second connected session of a student has its own seat. */
export const seatsOf = ({ students, sessions, members, includesUnenrolled }: SeatSources): Seat[] => {
  const byName = studentsByName(students);
  const seats = new Map<string, Seat>();
  for (const [studentId, student] of students) {
    const place = { key: studentId, studentId, sessionId: null, isPresent: false, lostAtMs: null };
    seats.set(studentId, { ...place, ...student });
  }
  for (const [sessionId, { name, isPresent, lostAtMs }] of sessions) {
    const studentId = members.get(sessionId) ?? byName.get(name) ?? null;
    const seat = studentId === null ? undefined : seats.get(studentId);
    if (seat !== undefined && (!seat.isPresent || seat.sessionId === null)) {
      // The newest, unless only an older one is connected.
      seats.set(seat.key, { ...seat, sessionId, isPresent, lostAtMs, hasEnded: seat.hasEnded && !isPresent });
    } else if (isPresent && (includesUnenrolled || seat !== undefined)) {
      const own = { key: sessionId, name, studentId, sessionId, isPresent, lostAtMs };
      seats.set(sessionId, { ...own, pageViolations: 0, hasSubmitted: false, answered: 0, hasEnded: false });
    }
  }
  return [...seats.values()];
};
