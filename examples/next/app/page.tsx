import { headers } from 'next/headers';
import { ExamPage } from './exam-page.tsx';
import { isStudentKnown, readNotice, readProctorUrl } from './exam-server.ts';

/** Rendered on the server for each request: the exam's own title, and whether the student is signed in. */
const Page = async () => {
  const cookie = (await headers()).get('cookie');
  const [notice, isKnown, proctorUrl] = await Promise.all([readNotice(), isStudentKnown(cookie), readProctorUrl()]);
  return <ExamPage title={notice.title ?? 'Exam'} isKnown={isKnown} proctorUrl={proctorUrl} />;
};
export default Page;
