import { mount } from '../page/mount.ts';
import { takeStaffTokenFromAddress } from '../sign-in/staff-token.ts';
import { ProctorPage } from './proctor-page.tsx';

takeStaffTokenFromAddress();
mount(<ProctorPage />);
