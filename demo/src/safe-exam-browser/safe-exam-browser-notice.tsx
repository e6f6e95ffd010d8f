import { isInSafeExamBrowser } from '../api/safe-exam-browser.ts';
import type { Notice as ExamNotice } from '../api/student-api.ts';
import { linkOf } from '../sessions/personal-link.ts';
import { Notice } from '../page/notice.tsx';
import { safeExamBrowserTexts as texts } from './safe-exam-browser-texts.ts';

/** Whether the student has to continue in Safe Exam Browser. The server checks its keys; this only saves a refused start. */
export const needsSafeExamBrowser = (notice: Pick<ExamNotice, 'safe_exam_browser'>): boolean =>
  notice.safe_exam_browser != null && !isInSafeExamBrowser();

/** `sebs://…` of the configuration; what follows `??` is added to the address that Safe Exam Browser opens. */
const sebLink = (examId: string, configuration: string): string => {
  const link = linkOf(examId);
  const address = location.origin.replace(/^http/, 'seb') + configuration;
  return link === null ? address : `${address}??link=${encodeURIComponent(link)}`;
};

interface SafeExamBrowserNoticeProps {
  examId: string;
  notice: Pick<ExamNotice, 'safe_exam_browser'>;
}

/** How to continue in Safe Exam Browser, and who can help. */
export const SafeExamBrowserNotice = ({ examId, notice }: SafeExamBrowserNoticeProps) => {
  const required = notice.safe_exam_browser;
  if (required == null) return null;
  return (
    <div data-testid="safe-exam-browser">
      <Notice kind="warning" title={texts.title}>
        <p>{texts.text}</p>
        <div class="buttons">
          <a class="button" href={sebLink(examId, required.configuration)}>
            {texts.open}
          </a>
          <a class="button quiet" href={required.configuration} download>
            {texts.download}
          </a>
        </div>
        <p class="soft small">{texts.help}</p>
      </Notice>
    </div>
  );
};
