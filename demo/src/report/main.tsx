import { mount } from '../page/mount.ts';
import { renewSignedInToken } from '../sign-in/sign-in-session.ts';
import { takeStaffTokenFromAddress } from '../sign-in/staff-token.ts';
import { ReportPage } from './report-page.tsx';

takeStaffTokenFromAddress();
await renewSignedInToken();
mount(<ReportPage />);
