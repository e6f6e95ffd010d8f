import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { isStudentKnown, readProctorUrl } from './exam-api.ts';
import { ExamPage } from './exam-page.tsx';

const app = document.querySelector('#app');
if (app === null) throw new Error('the page has no element #app');

const [proctorUrl, isKnown] = await Promise.all([readProctorUrl(), isStudentKnown()]);
createRoot(app).render(
  <StrictMode>
    <ExamPage proctorUrl={proctorUrl} isKnown={isKnown} />
  </StrictMode>,
);
