import { PageFrame } from '../page/page-frame.tsx';
import { demoExamId } from '../sessions/demo-exam.ts';
import { examInAddress } from '../sessions/exam-in-address.ts';
import { studentOfLink, takeLinkFromAddress } from '../sessions/personal-link.ts';
import { BeginExam } from './begin-exam.tsx';
import { BeginForm } from './begin-form.tsx';
import { LinkedExam } from './linked-exam.tsx';
import { ReportForm } from './report-form.tsx';
import { startTexts } from './start-texts.ts';
import './start.css';

takeLinkFromAddress();
const examId = examInAddress();
const studentId = examId === null ? null : studentOfLink(examId);

const Entry = () => {
  if (examId === null) return <BeginForm examId={demoExamId} examTitle={null} />;
  return studentId === null ? <BeginExam examId={examId} /> : <LinkedExam examId={examId} studentId={studentId} />;
};

const Steps = () => (
  <section aria-labelledby="steps">
    <h2 id="steps">{startTexts.steps.title}</h2>
    <ol class="steps">
      {startTexts.steps.list.map(([name, text]) => (
        <li key={name}>
          <h3>{name}</h3>
          <p>{text}</p>
        </li>
      ))}
    </ol>
  </section>
);

export const StartPage = () => (
  <PageFrame here="start" isLinked={studentId !== null}>
    <h1>{startTexts.title}</h1>
    {studentId === null ? <p class="lead">{startTexts.lead}</p> : null}
    <Entry />
    {studentId === null ? <Steps /> : null}
    {studentId === null ? <ReportForm /> : null}
  </PageFrame>
);
