import { mount } from '../page/mount.ts';
import { CameraPage } from './camera-page.tsx';

mount(<CameraPage />);
