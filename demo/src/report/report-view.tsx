import type { Report } from '@invigil/protocol/report';
import { Notice } from '../page/notice.tsx';
import { AlertsView } from './alerts-view.tsx';
import { CoverageView } from './coverage-view.tsx';
import { Decision } from './decision.tsx';
import { IntegrityView } from './integrity-view.tsx';
import { ObservationList } from './observation-list.tsx';
import { ExamNotes } from './exam-notes.tsx';
import { OtherSessions } from './other-sessions.tsx';
import { ReportHeading } from './report-heading.tsx';
import { ReportLinks } from './report-links.tsx';
import { BaselineView } from './baseline-view.tsx';
import { reportTexts as texts } from './report-texts.ts';
import type { ReviewWriter } from './review-writer.ts';
import { ReviewBar } from './review-bar.tsx';
import { ReplayView } from './replay/replay-view.tsx';
import { RiskView } from './risk-view.tsx';
import { Timeline } from './timeline.tsx';
import { ViolationList } from './violation-list.tsx';
import { WorkView } from './work-view.tsx';

interface ReportViewProps {
  report: Report;
  writer: ReviewWriter;
  load: () => Promise<void>;
}

export const ReportView = ({ report, writer, load }: ReportViewProps) => (
  <>
    <p class="soft">{texts.decides}</p>
    {report.session.status === 'running' ? (
      <Notice title={texts.running.title}>
        <p>{texts.running.text}</p>
        <div class="buttons">
          <button class="button quiet" type="button" onClick={() => void load()}>
            {texts.running.refresh}
          </button>
        </div>
      </Notice>
    ) : null}
    <ReportHeading report={report} viewer={writer.viewer} />
    <div class="pair">
      <CoverageView coverage={report.coverage} />
      <RiskView risk={report.risk} />
    </div>
    {report.coverage === null ? null : <Timeline report={report} coverage={report.coverage} />}
    {report.coverage === null ? null : <ReplayView report={report} asStaff={writer.viewer === 'staff'} />}
    <ObservationList report={report} writer={writer} />
    {report.alerts === undefined ? null : (
      <AlertsView alerts={report.alerts} startMs={report.coverage?.from_ms ?? Date.parse(report.session.started_at)} />
    )}
    {report.work === undefined ? null : <WorkView report={report} work={report.work} />}
    {report.other_sessions === undefined || report.other_sessions.length === 0 ? null : (
      <OtherSessions sessions={report.other_sessions} viewer={writer.viewer} />
    )}
    <div class="pair">
      <ViolationList violations={report.violations} startMs={report.coverage?.from_ms ?? null} />
      <IntegrityView report={report} />
    </div>
    <BaselineView report={report} />
    {writer.viewer === 'staff' ? <ExamNotes sessionId={report.session.session_id} /> : null}
    <Decision review={report.review} writer={writer} isRunning={report.session.status === 'running'} />
    <div class="buttons">
      <button class="button quiet" type="button" onClick={() => print()}>
        {texts.print}
      </button>
    </div>
    {writer.viewer === 'staff' && report.session.status === 'ended' ? (
      <ReviewBar report={report} writer={writer} />
    ) : null}
    {writer.viewer === 'staff' ? <ReportLinks sessionId={report.session.session_id} /> : null}
  </>
);
