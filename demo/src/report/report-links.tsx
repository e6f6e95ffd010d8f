import { CopyLink } from '../page/copy-link.tsx';
import { reportAddress } from './report-viewer.ts';
import { reportTexts } from './report-texts.ts';

const texts = reportTexts.links;

/** Addresses of this report for those who may read it. They hold no token: each reader shows their own right to it. */
export const ReportLinks = ({ sessionId }: { sessionId: string }) => (
  <div class="report-share">
    <CopyLink address={reportAddress(sessionId, 'staff')} texts={{ ...texts, copy: texts.staff }} />
    <CopyLink address={reportAddress(sessionId, 'student')} texts={{ ...texts, copy: texts.student }} />
  </div>
);
