import { NewExamSchema } from '@invigil/protocol/channels';
import * as v from 'valibot';
import type { PersonalLinks } from '../auth/personal-links.ts';
import { ltiRouter } from '../http/lti/lti-router.ts';
import type { StaffCookies } from '../http/sign-in/staff-cookies.ts';
import { Launches } from '../lti/launches.ts';
import { PlatformKeys } from '../lti/platform-keys.ts';
import type { Exams } from '../exams/exams.ts';
import { ExamLinkRecords } from '../records/exam-link-records.ts';
import { ExamRecords } from '../records/exam-records.ts';
import { ExamStudentRecords } from '../records/exam-student-records.ts';
import { LtiRecords } from '../records/lti-records.ts';
import type { StaffSessions } from '../sign-in/staff-sessions.ts';
import type { Infrastructure } from './infrastructure.ts';
import type { ServerPart } from './server-part.ts';

export interface LtiOptions {
  infrastructure: Infrastructure;
  links: PersonalLinks;
  staff: StaffSessions;
  cookies: StaffCookies;
  /** The address that platforms launch. */
  launchUrl: string;
  exams: Pick<Exams, 'create'>;
}

/** Launches from learning platforms. */
export const composeLti = ({ infrastructure, links, staff, cookies, launchUrl, exams }: LtiOptions): ServerPart => {
  const { database, outages, log, now } = infrastructure;
  const launches = new Launches({
    records: new LtiRecords(database),
    exams: new ExamRecords(database),
    createExam: async (title, teacherId) =>
      (await exams.create(v.parse(NewExamSchema, title === null ? {} : { title }), teacherId)).examId,
    students: new ExamStudentRecords(database),
    linkRecords: new ExamLinkRecords(database),
    links,
    staff,
    keys: new PlatformKeys((error) => outages.warn({ event: 'keys.failed', error })),
    launchUrl,
    now,
  });
  return {
    channels: [],
    mount: (app) => {
      app.use('/lti', ltiRouter({ launches, cookies, log }));
    },
  };
};
