import { NewExamSchema } from '@invigil/protocol/channels';
import type { Express } from 'express';
import * as v from 'valibot';
import type { Authenticator } from '../auth/authenticator.ts';
import type { PersonalLinks } from '../auth/personal-links.ts';
import { ExamEvents } from '../exams/exam-events.ts';
import type { Exams } from '../exams/exams.ts';
import { assessmentRouter } from '../http/lti/assessment-router.ts';
import { deepLinkingRouter } from '../http/lti/deep-linking-router.ts';
import { ltiRouter } from '../http/lti/lti-router.ts';
import { registrationRouter } from '../http/lti/registration-router.ts';
import { toolKeysRouter } from '../http/lti/tool-keys-router.ts';
import type { AddressLimits } from '../http/middleware/address-limits.ts';
import type { StaffCookies } from '../http/sign-in/staff-cookies.ts';
import { Arrivals } from '../lti/arrivals.ts';
import { DeepLinking } from '../lti/deep-linking.ts';
import type { CreateExam } from '../lti/deep-linking.ts';
import { ExamPlaces } from '../lti/exam-places.ts';
import { Launches } from '../lti/launches.ts';
import { PlatformKeys } from '../lti/platform-keys.ts';
import type { PlatformServices } from '../lti/platform-services.ts';
import { Proctoring } from '../lti/proctoring.ts';
import { Registration } from '../lti/registration.ts';
import { Rosters } from '../lti/rosters.ts';
import { toolAddresses } from '../lti/tool-configuration.ts';
import type { ToolKeys } from '../lti/tool-keys.ts';
import { ErasureRecords } from '../records/erasure-records.ts';
import { ExamLinkRecords } from '../records/exam-link-records.ts';
import { ExamRecords } from '../records/exam-records.ts';
import { ExamSetupRecords } from '../records/exam-setup-records.ts';
import { ExamStudentRecords } from '../records/exam-student-records.ts';
import { LtiAttemptRecords } from '../records/lti-attempt-records.ts';
import { LtiDeepLinkRecords } from '../records/lti-deep-link-records.ts';
import { LtiInvitationRecords } from '../records/lti-invitation-records.ts';
import { LtiMemberRecords } from '../records/lti-member-records.ts';
import { LtiRecords } from '../records/lti-records.ts';
import { LtiRosterRecords } from '../records/lti-roster-records.ts';
import { SessionRecords } from '../records/session-records.ts';
import type { StaffSessions } from '../sign-in/staff-sessions.ts';
import { isoTime } from '../time/iso-time.ts';
import type { ExamsPart } from './exams.ts';
import type { Infrastructure } from './infrastructure.ts';
import type { PlatformAccess } from './platform-access.ts';
import type { ServerPart } from './server-part.ts';

export interface LtiOptions {
  infrastructure: Infrastructure;
  authenticator: Authenticator;
  links: PersonalLinks;
  staff: StaffSessions;
  cookies: StaffCookies;
  /** The server's address, as platforms and browsers reach it. */
  publicUrl: string;
  exams: Pick<ExamsPart, 'exams' | 'endWork'>;
  platforms: PlatformAccess;
}

export interface LtiPart extends ServerPart {
  /** Starts to read the members of courses. */
  start(): void;
  /** Call before the records close. */
  close(): Promise<void>;
}

/** Learning platforms: launches, deep linking, rosters, proctored assessments and registration. */
export const composeLti = (options: LtiOptions): LtiPart => {
  const { infrastructure, publicUrl } = options;
  const { database, now } = infrastructure;
  const { keys, services } = options.platforms;
  const rosters = composeRosters(options, services);
  const records = new LtiRecords(database);
  const createExam = creating(options.exams.exams);
  const places = composePlaces(options, createExam);
  const deepLinking = new DeepLinking({
    records: new LtiDeepLinkRecords(database),
    platforms: records,
    exams: new ExamRecords(database),
    createExam,
    keys,
    launchUrl: toolAddresses(publicUrl).launchUrl,
    now,
  });
  const proctoring = new Proctoring({
    attempts: new LtiAttemptRecords(database),
    platforms: records,
    sessions: new SessionRecords(database),
    places,
    endWork: (examId, studentId) => options.exams.endWork(examId, studentId),
    keys,
    now,
  });
  const invitations = new LtiInvitationRecords(database);
  const registration = new Registration({ invitations, platforms: records, publicUrl, now });
  const arrivals = new Arrivals({ places, deepLinking, proctoring, rosters });
  return {
    channels: [],
    mount: (app, limits) =>
      mountLti(app, options, { limits, keys, records, arrivals, deepLinking, proctoring, registration }),
    start: () => rosters.start(),
    close: () => rosters.close(),
  };
};

const creating =
  (exams: Pick<Exams, 'create'>): CreateExam =>
  async ({ title, durationMinutes }, teacherId) => {
    const request = {
      ...(title === null ? {} : { title }),
      ...(durationMinutes === null ? {} : { duration_minutes: durationMinutes }),
    };
    return (await exams.create(v.parse(NewExamSchema, request), teacherId)).examId;
  };

const composePlaces = ({ infrastructure, links, staff }: LtiOptions, createExam: CreateExam): ExamPlaces => {
  const { database, now } = infrastructure;
  return new ExamPlaces({
    records: new LtiRecords(database),
    items: new LtiDeepLinkRecords(database),
    members: new LtiMemberRecords(database),
    exams: new ExamRecords(database),
    createExam,
    setup: new ExamSetupRecords(database),
    students: new ExamStudentRecords(database),
    linkRecords: new ExamLinkRecords(database),
    links,
    staff,
    now,
  });
};

const composeRosters = ({ infrastructure }: LtiOptions, services: PlatformServices): Rosters => {
  const { database, bus, log, now } = infrastructure;
  const events = new ExamEvents(bus);
  return new Rosters({
    records: new LtiRosterRecords(database),
    platforms: new LtiRecords(database),
    members: new LtiMemberRecords(database),
    students: new ExamStudentRecords(database),
    erasures: new ErasureRecords(database),
    services,
    onChanged: (examId) =>
      events.toTeachers(examId, { type: 'exam_changed', session_id: examId, timestamp: isoTime(now()) }),
    log,
    now,
  });
};

interface LtiRoutes {
  limits: Pick<AddressLimits, 'answerRefused' | 'countForm' | 'countLaunch'>;
  keys: ToolKeys;
  records: LtiRecords;
  arrivals: Arrivals;
  deepLinking: DeepLinking;
  proctoring: Proctoring;
  registration: Registration;
}

const mountLti = (app: Express, options: LtiOptions, routes: LtiRoutes): void => {
  const { infrastructure, authenticator, cookies, publicUrl } = options;
  const { outages, log, now } = infrastructure;
  const { limits, keys, records, arrivals, deepLinking, proctoring, registration } = routes;
  const { launchUrl } = toolAddresses(publicUrl);
  const { origin } = new URL(publicUrl);
  const platformKeys = new PlatformKeys((error) => outages.warn({ event: 'keys.failed', error }));
  app.use(toolKeysRouter(keys));
  app.use(
    '/lti',
    ltiRouter({
      launches: new Launches({ records, keys: platformKeys, launchUrl, now }),
      arrivals,
      cookies,
      origin,
      routes: [
        deepLinkingRouter(deepLinking, limits),
        registrationRouter(registration, log),
        assessmentRouter({ proctoring, authenticator, origin, limits }),
      ],
      limits,
      log,
    }),
  );
};
