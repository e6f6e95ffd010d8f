import { mount } from '../page/mount.ts';
import { PageFrame } from '../page/page-frame.tsx';
import { examInAddress } from '../sessions/exam-in-address.ts';
import { takeStaffTokenFromAddress } from '../sign-in/staff-token.ts';
import { ReviewExam } from './review-exam.tsx';
import { RuleOutcomes } from './rule-outcomes.tsx';
import '../report/report.css';
import './review.css';

takeStaffTokenFromAddress();
const examId = examInAddress();
mount(
  <PageFrame here="review" wide>
    {examId === null ? <RuleOutcomes /> : <ReviewExam examId={examId} />}
  </PageFrame>,
);
