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

/** Maps the course roles to teacher or student. @throws LaunchRefusal `role` */
export const partOf = (roles: readonly string[]): 'teacher' | 'student' => {
  if (roles.some((role) => teacherRoles.has(role))) return 'teacher';
  if (roles.some((role) => studentRoles.has(role))) return 'student';
  throw new LaunchRefusal('role');
};

const idLength = 24;

/** The user's id here: the same at each launch, different for each platform, and valid whatever ids the platform uses. */
export const userIdOf = (platformId: string, subject: string): string =>
  `lti-${createHash('sha256').update(`${platformId}\n${subject}`).digest('hex').slice(0, idLength)}`;
