import { AccessTokens } from '../lti/access-tokens.ts';
import { AssessmentControl } from '../lti/assessment-control.ts';
import type { ControlAction } from '../lti/assessment-control.ts';
import { controlActionOf, endReasonOf } from '../lti/control-actions.ts';
import { PlatformServices } from '../lti/platform-services.ts';
import { ToolKeys } from '../lti/tool-keys.ts';
import { LtiAttemptRecords } from '../records/lti-attempt-records.ts';
import { LtiRecords } from '../records/lti-records.ts';
import { LtiToolKeyRecords } from '../records/lti-tool-key-records.ts';
import type { RecordsDatabase } from '../records/records-database.ts';
import { SessionEndRecords } from '../records/session-end-records.ts';
import { SessionRecords } from '../records/session-records.ts';
import type { Infrastructure } from './infrastructure.ts';
import type { WebhookAnnouncements } from './webhook-announcements.ts';

/** Requests to learning platforms. */
export interface PlatformAccess {
  keys: ToolKeys;
  services: PlatformServices;
  control: AssessmentControl;
}

export const composePlatformAccess = ({ database, log, now }: Infrastructure): PlatformAccess => {
  const keys = new ToolKeys({ records: new LtiToolKeyRecords(database), now });
  const services = new PlatformServices(new AccessTokens(keys, now));
  const attempts = new LtiAttemptRecords(database);
  const control = new AssessmentControl({ attempts, platforms: new LtiRecords(database), services, log });
  return { keys, services, control };
};

/** Announces alerts, proctors' acts and ends of sessions to the platforms that run the assessments, too. */
export const withAssessmentControl = (
  announcements: WebhookAnnouncements,
  control: AssessmentControl,
  database: RecordsDatabase,
): WebhookAnnouncements => {
  const sessions = new SessionRecords(database);
  const ends = new SessionEndRecords(database);
  const sendOf = async (sessionId: string, action: ControlAction): Promise<void> => {
    const session = await sessions.find(sessionId);
    if (session !== null) control.send(session.examId, session.memberId, action);
  };
  return {
    ...announcements,
    alertRaised(alert) {
      announcements.alertRaised(alert);
      const { type, confidence } = alert.observation;
      const action = { action: 'flag', incidentTime: alert.raisedAt, severity: confidence, reasonCode: type } as const;
      control.send(alert.examId, alert.memberId, action);
    },
    guided(sessionId, act, at) {
      announcements.guided(sessionId, act, at);
      const action = controlActionOf(act, at);
      if (action !== null) control.attempt(() => sendOf(sessionId, action));
    },
    async sessionEnded(sessionId) {
      await announcements.sessionEnded(sessionId);
      const session = await sessions.find(sessionId);
      if (session === null || session.endedAt === null) return;
      const reasonCode = endReasonOf(await ends.endedBy(sessionId), session.memberId);
      const action = { action: 'terminate', incidentTime: session.endedAt, severity: 0, reasonCode } as const;
      control.send(session.examId, session.memberId, action);
    },
  };
};
