import { createHash } from 'node:crypto';
import { LaunchRefusal } from './launch-refusal.ts';

const membership = 'http://purl.imsglobal.org/vocab/lis/v2/membership';
/** Roles in the course. Roles in the institution or the system do not count: they say nothing about this course. */
const teacherRoles: ReadonlySet<string> = new Set([
  'Instructor',
  `${membership}#Instructor`,
  `${membership}/Instructor#TeachingAssistant`,
]);
const studentRoles: ReadonlySet<string> = new Set(['Learner', `${membership}#Learner`]);

export const isStudent = (roles: readonly string[]): boolean => roles.some((role) => studentRoles.has(role));

/** Maps course roles to teacher or student; null if they are neither. */
export const courseRoleOf = (roles: readonly string[]): 'teacher' | 'student' | null => {
  if (roles.some((role) => teacherRoles.has(role))) return 'teacher';
  return isStudent(roles) ? 'student' : null;
};

/** Like `courseRoleOf`. @throws LaunchRefusal `role` for neither */
export const partOf = (roles: readonly string[]): 'teacher' | 'student' => {
  const part = courseRoleOf(roles);
  if (part === null) throw new LaunchRefusal('role');
  return part;
};

const idLength = 24;

/** The user's id here: the same at each launch, different for each platform, and valid whatever ids the platform uses. */
export const userIdOf = (platformId: string, subject: string): string =>
  `lti-${createHash('sha256').update(`${platformId}\n${subject}`).digest('hex').slice(0, idLength)}`;
