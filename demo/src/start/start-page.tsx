import { PageFrame } from '../page/page-frame.tsx';
import { demoExamId } from '../sessions/demo-exam.ts';
import { examInAddress } from '../sessions/exam-in-address.ts';
import { BeginExam } from './begin-exam.tsx';
import { BeginForm } from './begin-form.tsx';
import { ReportForm } from './report-form.tsx';
import { startTexts } from './start-texts.ts';
import './start.css';

const examId = examInAddress();

export const StartPage = () => (
  <PageFrame here="start">
    <h1>{startTexts.title}</h1>
    <p class="lead">{startTexts.lead}</p>
    {examId === null ? <BeginForm examId={demoExamId} examTitle={null} /> : <BeginExam examId={examId} />}
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
    <ReportForm />
  </PageFrame>
);
