import { mount } from '../page/mount.ts';
import { ReportPage } from './report-page.tsx';

mount(<ReportPage />);
