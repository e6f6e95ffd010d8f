import { mount } from '../page/mount.ts';
import { CheckPage } from './check-page.tsx';

mount(<CheckPage />);
