/** A student's place on the wall: enrolled, or there without being enrolled. */
export interface Seat {
  /** The student's number where it is known, otherwise the session. */
  key: string;
  name: string;
  studentId: string | null;
  /** The newest session that was seen of this student; null: none yet. */
  sessionId: string | null;
  /** Whether that session is connected now. */
  isPresent: boolean;
  /** What the student's page noticed, counted. */
  pageViolations: number;
  hasSubmitted: boolean;
}

export interface EnrolledStudent {
  name: string;
  pageViolations: number;
  hasSubmitted: boolean;
}

/** A session that is, or was, connected. */
export interface SeenSession {
  name: string;
  isPresent: boolean;
}

export interface SeatSources {
  /** By student number. */
  students: ReadonlyMap<string, EnrolledStudent>;
  /** By session, the newest last. */
  sessions: ReadonlyMap<string, SeenSession>;
  /** Session to student number, where the server has said so. */
  members: ReadonlyMap<string, string>;
  /** Whether sessions of people who are not enrolled are shown. */
  includesUnenrolled: boolean;
}

/** Students by what a session may call them: their number or their name; null where several have the name. */
const studentsByName = (students: SeatSources['students']): Map<string, string | null> => {
  const byName = new Map<string, string | null>();
  for (const [id, { name }] of students) byName.set(name, byName.has(name) ? null : id);
  for (const id of students.keys()) byName.set(id, id);
  return byName;
};

/** Sessions of whom only the server can say whose they are, because several students have the name. */
export const ambiguousSessions = ({ students, sessions, members }: SeatSources): string[] => {
  const byName = studentsByName(students);
  return [...sessions]
    .filter(([id, { name }]) => !members.has(id) && byName.get(name) === null)
    .map(([sessionId]) => sessionId);
};

/** Everybody on the wall, each once. A second session of a student that is connected as well has a place of its own. */
export const seatsOf = ({ students, sessions, members, includesUnenrolled }: SeatSources): Seat[] => {
  const byName = studentsByName(students);
  const seats = new Map<string, Seat>();
  for (const [studentId, student] of students) {
    seats.set(studentId, { key: studentId, studentId, sessionId: null, isPresent: false, ...student });
  }
  for (const [sessionId, { name, isPresent }] of sessions) {
    const studentId = members.get(sessionId) ?? byName.get(name) ?? null;
    const seat = studentId === null ? undefined : seats.get(studentId);
    if (seat !== undefined && (!seat.isPresent || seat.sessionId === null)) {
      // The newest, unless an older one is connected and this one is not.
      seats.set(seat.key, { ...seat, sessionId, isPresent });
    } else if (isPresent && (includesUnenrolled || seat !== undefined)) {
      const own = { key: sessionId, name, studentId, sessionId, isPresent };
      seats.set(sessionId, { ...own, pageViolations: 0, hasSubmitted: false });
    }
  }
  return [...seats.values()];
};
