import type { Report } from '@invigil/protocol/report';
import { clockText, durationText } from '../page/duration-text.ts';
import { CoverageBar } from './coverage-bar.tsx';
import { coverageParts } from './coverage-kinds.ts';
import { evidenceTexts } from './evidence-texts.ts';
import { reportTexts } from './report-texts.ts';

type ReportWork = NonNullable<Report['work']>;

const texts = evidenceTexts.work;
const kinds = evidenceTexts.kinds;

const notesOf = (work: ReportWork): string[] => {
  const notes = [
    ...(work.unobserved_answers === 0 ? [] : [texts.unobservedAnswers(work.unobserved_answers)]),
    ...(work.unobserved_hand_in ? [texts.unobservedHandIn] : []),
  ];
  return notes.length === 0 && work.questions.length > 0 ? [texts.allObserved] : notes;
};

interface RowProps {
  question: ReportWork['questions'][number];
  startMs: number;
}

const QuestionRow = ({ question, startMs }: RowProps) => {
  const parts = coverageParts(question.live_s, question.late_s, question.duration_s);
  return (
    <tr>
      <th scope="row" class="number" translate={false} title={question.question_id}>
        {question.question_number}
      </th>
      <td class="number" translate={false}>
        {clockText(Math.max(0, (Date.parse(question.answered_at) - startMs) / 1000))}
      </td>
      <td class="number" translate={false}>
        {durationText(question.duration_s)}
      </td>
      <td class="question-coverage">
        <CoverageBar parts={parts} />
        <span class="small soft number">
          {parts
            .filter(({ seconds }) => seconds > 0)
            .map(({ kind, seconds }) => `${kinds[kind]} ${durationText(seconds)}`)
            .join(' · ')}
        </span>
      </td>
      <td>
        {question.observed ? texts.yes : <strong>{texts.no}</strong>}
        {question.chain_unknown === true ? <strong class="small"> {texts.unknownHead}</strong> : null}
      </td>
    </tr>
  );
};

/** Answers and hand-in, each with the coverage of the time before it. Absent in reports of rules before version 3. */
export const WorkView = ({ report, work }: { report: Report; work: ReportWork }) => {
  const startMs = report.coverage?.from_ms ?? Date.parse(report.session.started_at);
  return (
    <section class="card" aria-labelledby="work" data-testid="work">
      <h2 id="work">{texts.title}</h2>
      {notesOf(work).map((note) => (
        <p key={note}>{note}</p>
      ))}
      {work.questions.length === 0 ? <p class="soft">{texts.none}</p> : null}
      {work.questions.length === 0 ? null : (
        <div class="table" role="region" aria-label={texts.table} tabIndex={0}>
          <table>
            <thead>
              <tr>
                {[texts.question, texts.at, texts.time, reportTexts.coverage.title, texts.observed].map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {work.questions.map((question) => (
                <QuestionRow key={question.question_id} question={question} startMs={startMs} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {work.handed_in_at === null ? null : (
        <p>{texts.handedIn(clockText(Math.max(0, (Date.parse(work.handed_in_at) - startMs) / 1000)))}</p>
      )}
      {work.hand_in_chain_unknown === true ? <p>{texts.unknownHandInHead}</p> : null}
      {work.personal_link_used_at === undefined ? null : <p>{texts.personalLink}</p>}
      {work.safe_exam_browser === undefined ? null : <p>{texts.safeExamBrowser[work.safe_exam_browser]}</p>}
      {work.questions.length === 0 ? null : <p class="soft small">{texts.explain}</p>}
    </section>
  );
};
