import { isId } from '@invigil/protocol/frame';
import { mount } from '../page/mount.ts';
import { PageFrame } from '../page/page-frame.tsx';
import { examInAddress } from '../sessions/exam-in-address.ts';
import { renewSignedInToken } from '../sign-in/sign-in-session.ts';
import { SignOut } from '../sign-in/sign-out.tsx';
import { takeStaffTokenFromAddress } from '../sign-in/staff-token.ts';
import { SetupPage } from './setup-page.tsx';
import '../report/report.css';
import '../proctor/proctor.css';
import './setup.css';

takeStaffTokenFromAddress();
await renewSignedInToken();
const copied = new URLSearchParams(location.search).get('copy');
const isCopy = isId(copied);
mount(
  <PageFrame here="setup" wide corner={<SignOut />}>
    <SetupPage examId={isCopy ? copied : examInAddress()} isCopy={isCopy} />
  </PageFrame>,
);
