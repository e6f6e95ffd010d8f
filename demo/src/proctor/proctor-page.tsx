import { PageFrame } from '../page/page-frame.tsx';
import { ExamListView } from './exam/exam-list-view.tsx';
import { ExamView } from './exam/exam-view.tsx';
import { examInAddress } from '../sessions/exam-in-address.ts';
import { SignOut } from '../sign-in/sign-out.tsx';
import './proctor.css';

/** All exams, or the one in the address. */
export const ProctorPage = () => {
  const examId = examInAddress();
  return (
    <PageFrame here="proctor" wide corner={<SignOut />}>
      {examId === null ? <ExamListView /> : <ExamView examId={examId} />}
    </PageFrame>
  );
};
