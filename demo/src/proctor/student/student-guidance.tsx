import type { ExamPolicy } from '@invigil/protocol/channels';
import { useSignal } from '@preact/signals';
import type { Answer } from '../../api/answer.ts';
import { askBreak, sendFlag, sendMessage } from '../../api/session-api.ts';
import { guidanceTexts } from '../texts/guidance-texts.ts';
import { proctorTexts } from '../texts/proctor-texts.ts';
import { WriteForm } from './write-form.tsx';

const texts = proctorTexts.student;
const maxMessageLength = 1000;
const maxNoteLength = 4000;

const Breaks = ({ sessionId }: { sessionId: string }) => {
  const outcome = useSignal<string | null>(null);
  const ask = async (action: 'begin' | 'end'): Promise<void> => {
    const answer = await askBreak(sessionId, action);
    outcome.value = answer.ok ? texts.done[action] : (answer.detail ?? texts.failed);
  };
  return (
    <div class="save">
      <button type="button" class="button quiet small" onClick={() => void ask('begin')}>
        {texts.pause}
      </button>
      <button type="button" class="button quiet small" onClick={() => void ask('end')}>
        {texts.resume}
      </button>
      <span role="status" class="small">
        {outcome.value}
      </span>
    </div>
  );
};

interface StudentGuidanceProps {
  sessionId: string;
  policy: ExamPolicy;
  isPresent: boolean;
  /** Something was sent or saved. */
  onSent?: () => void;
}

/** A proctor's actions for one student: send a message, begin a break, add a note. */
export const StudentGuidance = ({ sessionId, policy, isPresent, onSent }: StudentGuidanceProps) => {
  const andTell = async (request: Promise<Answer<null>>): Promise<Answer<null>> => {
    const answer = await request;
    if (answer.ok) onSent?.();
    return answer;
  };
  return (
    <div class="guidance">
      <WriteForm
        label={texts.message}
        hint={isPresent ? texts.messageHint : texts.notHere}
        button={texts.send}
        done={() => texts.done.message}
        maxLength={maxMessageLength}
        canned={guidanceTexts.canned.texts}
        send={(text) => andTell(sendMessage(sessionId, text))}
      />
      <WriteForm
        label={texts.flag}
        hint={texts.flagHint}
        button={texts.keep}
        done={() => texts.done.flag}
        maxLength={maxNoteLength}
        send={(note) => andTell(sendFlag(sessionId, note))}
      />
      {policy.breaks ? <Breaks sessionId={sessionId} /> : <p class="soft small">{texts.noBreaks}</p>}
    </div>
  );
};
