import type { Kysely, Migration, MigrationProvider } from 'kysely';
import * as sessions from './migrations/0001-sessions.ts';
import * as exams from './migrations/0002-exams.ts';
import * as presence from './migrations/0003-presence.ts';
import * as alerts from './migrations/0004-alerts.ts';
import * as reviews from './migrations/0005-reviews.ts';
import * as secrets from './migrations/0006-secrets.ts';
import * as evidence from './migrations/0010-evidence.ts';
import * as receiptLeaves from './migrations/0011-receipt-leaves.ts';
import * as reportSummaries from './migrations/0016-report-summaries.ts';
import * as extraTime from './migrations/0017-extra-time.ts';
import * as workEvidence from './migrations/0013-work-evidence.ts';
import * as studentPath from './migrations/0015-student-path.ts';
import * as ends from './migrations/0026-ends.ts';
import * as lti from './migrations/0022-lti.ts';
import * as ltiAdvantage from './migrations/0023-lti-advantage.ts';
import * as violationSources from './migrations/0028-violation-sources.ts';
import * as staffSessions from './migrations/0021-staff-sessions.ts';
import * as oneRunningSession from './migrations/0012-one-running-session.ts';
import * as oneReplicaTable from './migrations/0007-one-replica-table.ts';
import * as indexesByStudent from './migrations/0009-indexes-by-student.ts';
import * as safeExamBrowser from './migrations/0032-safe-exam-browser.ts';
import * as webhookFormat from './migrations/0033-webhook-format.ts';
import * as framesRefused from './migrations/0034-frames-refused.ts';
import * as sessionCoverage from './migrations/0035-session-coverage.ts';
import * as frameBlocks from './migrations/0029-frame-blocks.ts';
import * as cameraLinks from './migrations/0030-camera-links.ts';
import * as erasures from './migrations/0018-erasures.ts';
import * as linkUse from './migrations/0019-link-use.ts';

/** Forward only; a released migration never changes. They run in the order of their names. */
const migrations: Record<string, (isPostgres: boolean) => Migration> = {
  '0001-sessions': (isPostgres) => ({ up: (db: Kysely<unknown>) => sessions.up(db, isPostgres) }),
  '0002-exams': (isPostgres) => ({ up: (db: Kysely<unknown>) => exams.up(db, isPostgres) }),
  '0003-presence': (isPostgres) => ({ up: (db: Kysely<unknown>) => presence.up(db, isPostgres) }),
  '0004-alerts': () => ({ up: alerts.up }),
  '0005-reviews': (isPostgres) => ({ up: (db: Kysely<unknown>) => reviews.up(db, isPostgres) }),
  '0006-secrets': () => ({ up: secrets.up }),
  '0007-one-replica-table': () => ({ up: oneReplicaTable.up }),
  '0009-indexes-by-student': () => ({ up: indexesByStudent.up }),
  '0010-evidence': () => ({ up: evidence.up }),
  '0011-receipt-leaves': () => ({ up: receiptLeaves.up }),
  '0012-one-running-session': () => ({ up: oneRunningSession.up }),
  '0013-work-evidence': () => ({ up: workEvidence.up }),
  '0015-student-path': () => ({ up: studentPath.up }),
  '0016-report-summaries': () => ({ up: reportSummaries.up }),
  '0017-extra-time': () => ({ up: extraTime.up }),
  '0018-erasures': (isPostgres) => ({ up: (db: Kysely<unknown>) => erasures.up(db, isPostgres) }),
  '0019-link-use': () => ({ up: linkUse.up }),
  '0021-staff-sessions': () => ({ up: staffSessions.up }),
  '0022-lti': () => ({ up: lti.up }),
  '0023-lti-advantage': () => ({ up: ltiAdvantage.up }),
  '0026-ends': () => ({ up: ends.up }),
  '0028-violation-sources': () => ({ up: violationSources.up }),
  '0029-frame-blocks': (isPostgres) => ({ up: (db: Kysely<unknown>) => frameBlocks.up(db, isPostgres) }),
  '0030-camera-links': () => ({ up: cameraLinks.up }),
  '0032-safe-exam-browser': () => ({ up: safeExamBrowser.up }),
  '0033-webhook-format': () => ({ up: webhookFormat.up }),
  '0034-frames-refused': () => ({ up: framesRefused.up }),
  '0035-session-coverage': () => ({ up: sessionCoverage.up }),
};

/** In the order in which they run. */
export const migrationNames: readonly string[] = Object.keys(migrations);

export const migrationProvider = (isPostgres: boolean): MigrationProvider => ({
  async getMigrations() {
    return Object.fromEntries(Object.entries(migrations).map(([name, make]) => [name, make(isPostgres)]));
  },
});
