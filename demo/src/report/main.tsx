import { mount } from '../page/mount.ts';
import { takeStaffTokenFromAddress } from '../sign-in/staff-token.ts';
import { ReportPage } from './report-page.tsx';

takeStaffTokenFromAddress();
mount(<ReportPage />);
