import { mount } from '../page/mount.ts';
import { StartPage } from './start-page.tsx';

mount(<StartPage />);
