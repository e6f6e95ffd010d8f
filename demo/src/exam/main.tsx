import { mount } from '../page/mount.ts';
import { ExamPage } from './exam-page.tsx';

mount(<ExamPage />);
