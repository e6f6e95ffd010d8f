import { mount } from '../page/mount.ts';
import { takeStaffTokenFromAddress } from '../sessions/staff-token.ts';
import { ProctorPage } from './proctor-page.tsx';

takeStaffTokenFromAddress();
mount(<ProctorPage />);
