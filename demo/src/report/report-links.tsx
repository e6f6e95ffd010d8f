import { CopyLink } from '../page/copy-link.tsx';
import { reportAddress } from './report-viewer.ts';
import { reportTexts } from './report-texts.ts';

const texts = reportTexts.links;

/** Links to this report for its readers. They contain no token: each reader needs their own permission. */
export const ReportLinks = ({ sessionId }: { sessionId: string }) => (
  <div class="report-share">
    <CopyLink address={reportAddress(sessionId, 'staff')} texts={{ ...texts, copy: texts.staff }} />
    <CopyLink address={reportAddress(sessionId, 'student')} texts={{ ...texts, copy: texts.student }} />
  </div>
);
