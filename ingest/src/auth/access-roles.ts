/**
 * How far a permission reaches.
 *
 * - `any`: always.
 * - `own`: the student's own session and place in an exam; for a personal link, in its exam.
 * - `enrolled`: exams in which the student is enrolled; for a session token or a personal link, its exam.
 * - `taught`: exams that the teacher teaches, and everything in them.
 * - `taughtOrNew`: the same, and exams that do not exist yet.
 * - `self`: only in the user's own name, whatever the exam.
 * - `never`.
 */
const reaches = ['any', 'own', 'enrolled', 'taught', 'taughtOrNew', 'self', 'never'] as const;
export type Reach = (typeof reaches)[number];

export const roles = ['anonymous', 'student', 'personalLink', 'sessionToken', 'teacher', 'admin'] as const;
export type TableRole = (typeof roles)[number];

export interface Access extends Readonly<Record<TableRole, Reach>> {
  readonly what: string;
  /** Routes and channels that require this permission. */
  readonly endpoints: readonly string[];
}

export const nobody = { anonymous: 'never', student: 'never', personalLink: 'never', sessionToken: 'never' } as const;
export const adminOnly = { ...nobody, teacher: 'never', admin: 'any' } as const;
export const staff = { ...nobody, teacher: 'taught', admin: 'any' } as const;
export const student = {
  anonymous: 'never',
  student: 'own',
  personalLink: 'own',
  sessionToken: 'own',
  teacher: 'never',
  admin: 'any',
} as const;
export const studentOrStaff = { ...student, teacher: 'taught' } as const;
export const everybody = {
  anonymous: 'any',
  student: 'any',
  personalLink: 'any',
  sessionToken: 'any',
  teacher: 'any',
  admin: 'any',
} as const;
