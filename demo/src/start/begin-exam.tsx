import { useEffect, useMemo } from 'preact/hooks';
import { Notice } from '../page/notice.tsx';
import { BeginForm } from './begin-form.tsx';
import { watchExamAvailability } from './exam-availability.ts';
import { LookAgain } from './look-again.tsx';
import { startTexts } from './start-texts.ts';

const texts = startTexts.exam;

/** Entry to the exam in a teacher's link: its title, and the form once it is open. */
export const BeginExam = ({ examId }: { examId: string }) => {
  const { availability, close } = useMemo(() => watchExamAvailability(examId), [examId]);
  useEffect(() => close, [close]);
  const now = availability.value;
  switch (now.state) {
    case 'asking':
      return (
        <p class="soft" role="status">
          {texts.asking}
        </p>
      );
    case 'open':
      return <BeginForm examId={examId} examTitle={now.title ?? examId} />;
    case 'not_open_yet':
    case 'over':
      return (
        <Notice title={texts[now.state].title(now.title ?? examId)}>
          <p>{texts[now.state].text}</p>
        </Notice>
      );
    case 'unknown':
      return (
        <Notice kind="warning" title={texts.unknown.title}>
          <p>{texts.unknown.text}</p>
          <LookAgain />
        </Notice>
      );
  }
};
