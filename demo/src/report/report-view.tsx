import type { Report } from '@invigil/protocol';
import { Notice } from '../page/notice.tsx';
import { CoverageView } from './coverage-view.tsx';
import { IntegrityView } from './integrity-view.tsx';
import { ObservationList } from './observation-list.tsx';
import { reportTexts as texts } from './report-texts.ts';
import { RiskView } from './risk-view.tsx';
import { Timeline } from './timeline.tsx';
import { ViolationList } from './violation-list.tsx';

const moment = (iso: string | null): string | null => (iso === null ? null : new Date(iso).toLocaleString());

const factsOf = ({ session }: Report): readonly (readonly [string, string])[] => [
  [texts.facts.student, session.member_id ?? texts.facts.unknown],
  [texts.facts.exam, session.exam_id ?? texts.facts.unknown],
  [texts.facts.session, session.session_id],
  [texts.facts.started, moment(session.started_at) ?? texts.facts.unknown],
  [texts.facts.ended, moment(session.ended_at) ?? texts.facts.notEnded],
];

const Facts = ({ report }: { report: Report }) => (
  <dl class="facts">
    {factsOf(report).map(([name, value]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
);

const Review = ({ review }: { review: Report['review'] }) => (
  <section class="card" aria-labelledby="review">
    <h2 id="review">{texts.review.title}</h2>
    <p>
      {review.status === 'open'
        ? texts.review.open
        : texts.review.reviewed(review.by ?? texts.facts.unknown, moment(review.at) ?? texts.facts.unknown)}
    </p>
    {review.notes === null ? null : <p>{review.notes}</p>}
    <p class="soft">{texts.decides}</p>
  </section>
);

export const ReportView = ({ report, load }: { report: Report; load: () => Promise<void> }) => (
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
    <Facts report={report} />
    <div class="pair">
      <CoverageView coverage={report.coverage} />
      <RiskView risk={report.risk} />
    </div>
    {report.coverage === null ? null : <Timeline report={report} coverage={report.coverage} />}
    <ObservationList observations={report.observations} />
    <div class="pair">
      <ViolationList violations={report.violations} startMs={report.coverage?.from_ms ?? null} />
      <IntegrityView report={report} />
    </div>
    <Review review={report.review} />
  </>
);
