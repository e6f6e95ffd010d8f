import type { Express } from 'express';
import type { Logger } from 'pino';
import { ReviewDesk } from './analysis/review-desk.ts';
import type { RunningAnalysis } from './analysis/running-analysis.ts';
import type { AnalysisRules } from './analysis/analysis-rules.ts';
import { SessionReports } from './analysis/session-reports.ts';
import type { Config } from './config.ts';
import { accommodationRouter } from './http/accommodation-router.ts';
import type { Doorkeeper } from './http/doorkeeper.ts';
import { reportRouter } from './http/report-router.ts';
import { reviewRouter } from './http/review-router.ts';
import { schemaRouter } from './http/schema-router.ts';
import { sessionDoor } from './http/session-door.ts';
import type { Throttle } from './http/throttle.ts';
import { AccommodationRecords } from './records/accommodation-records.ts';
import { AnalysisRecords } from './records/analysis-records.ts';
import { ExamRecords } from './records/exam-records.ts';
import type { RecordsDatabase } from './records/records-database.ts';
import { ReviewRecords } from './records/review-records.ts';
import type { SessionEnding } from './sessions/session-ending.ts';
import type { Sessions } from './sessions/sessions.ts';

export interface ReportingOptions {
  config: Pick<Config, 'connectionLimits'>;
  database: RecordsDatabase;
  sessions: Sessions;
  ending: SessionEnding;
  analysis: RunningAnalysis;
  rulesOf(sessionId: string): Promise<AnalysisRules>;
  doorkeeper: Doorkeeper;
  analyzeThrottle: Throttle;
  log: Logger;
  now: () => number;
}

/** Reports, reviews and what becomes of them, put together. */
export interface Reporting {
  mount(app: Express): void;
}

export const createReporting = (options: ReportingOptions): Reporting => {
  const { config, database, sessions, ending, analysis, rulesOf, doorkeeper, analyzeThrottle, now } = options;
  const exams = new ExamRecords(database);
  const reports = new SessionReports({
    analysis,
    analyses: new AnalysisRecords(database),
    ending,
    rulesOf,
    onAdded: () => undefined,
    now,
  });
  const reviews = new ReviewDesk({ records: new ReviewRecords(database), onReviewed: () => undefined, now });
  const isForStudents = async (examId: string | null): Promise<boolean> => {
    const exam = examId === null ? null : await exams.find(examId);
    return exam?.policy.report_to_student ?? true;
  };
  const find = sessionDoor(sessions, doorkeeper);
  const { messageBytes } = config.connectionLimits;
  return {
    mount(app) {
      app.use('/api/v1/session', reportRouter({ find, reports, reviews, isForStudents, analyzeThrottle }));
      app.use('/api/v1/session', reviewRouter({ find, reports, reviews, isForStudents, messageBytes }));
      app.use('/api/v1/schemas', schemaRouter());
      app.use(
        '/api/v1/exams',
        accommodationRouter({ records: new AccommodationRecords(database), doorkeeper, messageBytes, now }),
      );
    },
  };
};
