import { useEffect, useMemo } from 'preact/hooks';
import { Notice } from '../page/notice.tsx';
import { PageFrame } from '../page/page-frame.tsx';
import { sessionInAddress } from '../sessions/session-in-address.ts';
import { TokenForm } from '../sign-in/token-form.tsx';
import { ReportView } from './report-view.tsx';
import { createReportState } from './report-state.ts';
import type { ReportState } from './report-state.ts';
import type { Viewer } from './report-viewer.ts';
import type { ReviewWriter } from './review-writer.ts';
import { reportTexts as texts } from './report-texts.ts';
import './report.css';
import './print.css';

interface ViewProps {
  state: ReportState;
  writer: ReviewWriter;
  load: () => Promise<void>;
}

/** The server's own words would only say that it has no such session. */
const UnknownSession = ({ viewer, load }: { viewer: Viewer; load: () => Promise<void> }) => (
  <Notice kind="warning" urgent title={texts.problems.unknown.title}>
    <p>{texts.problems.unknown.text}</p>
    <p>{texts.unknownNext[viewer]}</p>
    <div class="buttons">
      <a class="button" href={viewer === 'staff' ? '/proctor/' : '/'}>
        {viewer === 'staff' ? texts.unknownNext.exams : texts.unknownNext.start}
      </a>
      <button class="button quiet" type="button" onClick={() => void load()}>
        {texts.again}
      </button>
    </div>
  </Notice>
);

const View = ({ state, writer, load }: ViewProps) => {
  switch (state.state) {
    case 'no_session':
      return (
        <Notice title={texts.noSession.title}>
          <p>{texts.noSession.text}</p>
          <p>
            <a href="/">{texts.noSession.link}</a>
          </p>
        </Notice>
      );
    case 'loading':
      return (
        <p class="soft" role="status">
          {texts.loading}
        </p>
      );
    case 'problem':
      return state.problem === 'unknown' ? (
        <UnknownSession viewer={writer.viewer} load={load} />
      ) : (
        <>
          <Notice kind="warning" urgent title={texts.problems[state.problem].title}>
            <p>
              {state.problem === 'forbidden' && writer.viewer === 'student'
                ? texts.forbiddenStudent
                : texts.problems[state.problem].text}
            </p>
            {state.detail === null ? null : <p class="soft small">{state.detail}</p>}
            <div class="buttons">
              <button class="button" type="button" onClick={() => void load()}>
                {texts.again}
              </button>
            </div>
          </Notice>
          {state.problem === 'forbidden' && writer.viewer === 'staff' ? <TokenForm done={() => void load()} /> : null}
        </>
      );
    case 'shown':
      return <ReportView report={state.report} writer={writer} load={load} />;
  }
};

export const ReportPage = () => {
  const { state, load, writer } = useMemo(() => createReportState(sessionInAddress()), []);
  useEffect(() => void load(), []);
  return (
    <PageFrame here="report" wide={state.value.state === 'shown'} isLinked={writer.viewer === 'student'}>
      <div data-report={state.value.state}>
        <h1>{texts.title}</h1>
        <View state={state.value} writer={writer} load={load} />
      </div>
    </PageFrame>
  );
};
