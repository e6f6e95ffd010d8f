import { mount } from '../page/mount.ts';
import { PageFrame } from '../page/page-frame.tsx';
import { examInAddress } from '../sessions/exam-in-address.ts';
import { renewSignedInToken } from '../sign-in/sign-in-session.ts';
import { takeStaffTokenFromAddress } from '../sign-in/staff-token.ts';
import { ReviewExam } from './review-exam.tsx';
import { RuleOutcomes } from './rule-outcomes.tsx';
import { SignOut } from '../sign-in/sign-out.tsx';
import '../report/report.css';
import './review.css';

takeStaffTokenFromAddress();
await renewSignedInToken();
const examId = examInAddress();
mount(
  <PageFrame here="review" wide corner={<SignOut />}>
    {examId === null ? <RuleOutcomes /> : <ReviewExam examId={examId} />}
  </PageFrame>,
);
