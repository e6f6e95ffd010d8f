import { isId } from '@invigil/protocol/frame';
import { expect, test } from 'vitest';
import { courseRoleOf, isStudent, partOf, userIdOf } from './launch-user.ts';

const membership = 'http://purl.imsglobal.org/vocab/lis/v2/membership';

test.each([
  [['Instructor'], 'teacher'],
  [[`${membership}#Instructor`], 'teacher'],
  [[`${membership}/Instructor#TeachingAssistant`], 'teacher'],
  [['Learner'], 'student'],
  [[`${membership}#Learner`], 'student'],
  [[`${membership}#Learner`, `${membership}#Instructor`], 'teacher'],
  [[`${membership}#Mentor`, 'Learner'], 'student'],
  [[], null],
  [[`${membership}#Mentor`], null],
  [['instructor'], null],
  [['http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator'], null],
  [['http://purl.imsglobal.org/vocab/lis/v2/institution/person#Student'], null],
])('the roles %j make the user a %s', (roles, part) => {
  expect(courseRoleOf(roles)).toBe(part);
});

test('a user of neither part is refused, and any other has the part of the course', () => {
  expect(() => partOf(['Mentor'])).toThrow(expect.objectContaining({ reason: 'role' }));
  expect(partOf(['Mentor', 'Learner'])).toBe('student');
});

test('a teacher who is also a learner of the course can be proctored', () => {
  expect(isStudent(['Instructor', 'Learner'])).toBe(true);
  expect(isStudent(['Instructor'])).toBe(false);
});

test.each(['ada', 'a|b c', '', 'Ä\u{1F600}', '../../etc', 'x'.repeat(255)])(
  'the user %j of a platform has an id that is valid here and does not reveal theirs',
  (subject) => {
    const id = userIdOf('moodle', subject);
    expect(isId(id)).toBe(true);
    expect(id).toMatch(/^lti-[0-9a-f]{24}$/);
    expect(userIdOf('moodle', subject)).toBe(id);
    expect(userIdOf('canvas', subject)).not.toBe(id);
  },
);
