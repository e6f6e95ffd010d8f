import { mount } from '../page/mount.ts';
import { PageFrame } from '../page/page-frame.tsx';
import { studentInAddress } from '../sessions/student-in-address.ts';
import { examInAddress } from '../sessions/exam-in-address.ts';
import { renewSignedInToken } from '../sign-in/sign-in-session.ts';
import { takeStaffTokenFromAddress } from '../sign-in/staff-token.ts';
import { ReviewExam } from './review-exam.tsx';
import { StudentHistory } from './student-history.tsx';
import { RuleOutcomes } from './rule-outcomes.tsx';
import { SignOut } from '../sign-in/sign-out.tsx';
import '../report/report.css';
import '../report/print.css';
import './review.css';

takeStaffTokenFromAddress();
await renewSignedInToken();
const examId = examInAddress();
const studentId = studentInAddress();
const everyExam = studentId === null ? <RuleOutcomes /> : <StudentHistory studentId={studentId} />;
mount(
  <PageFrame here="review" wide corner={<SignOut />}>
    {examId === null ? everyExam : <ReviewExam examId={examId} />}
  </PageFrame>,
);
