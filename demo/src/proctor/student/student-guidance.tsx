import type { ExamPolicy } from '@invigil/protocol/channels';
import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import type { Answer } from '../../api/answer.ts';
import { askBreak, sendFlag, sendMessage } from '../../api/session-api.ts';
import { proctorTexts } from '../texts/proctor-texts.ts';

const texts = proctorTexts.student;
const maxMessageLength = 1000;
const maxNoteLength = 4000;

interface WriteFormProps {
  label: string;
  hint: string;
  button: string;
  done: string;
  maxLength: number;
  send: (text: string) => Promise<Answer<null>>;
}

const WriteForm = ({ label, hint, button, done, maxLength, send }: WriteFormProps) => {
  const id = useId();
  const text = useSignal('');
  const outcome = useSignal<string | null>(null);
  const isBusy = useSignal(false);
  const submit = async (): Promise<void> => {
    isBusy.value = true;
    const answer = await send(text.value.trim());
    isBusy.value = false;
    outcome.value = answer.ok ? done : (answer.detail ?? texts.failed);
    if (answer.ok) text.value = '';
  };
  return (
    <form
      class="write"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.value.trim() !== '') void submit();
      }}
    >
      <label for={id}>{label}</label>
      <span class="soft small" id={`${id}-hint`}>
        {hint}
      </span>
      <textarea
        id={id}
        rows={2}
        required
        maxLength={maxLength}
        aria-describedby={`${id}-hint`}
        value={text.value}
        onInput={(event) => {
          text.value = event.currentTarget.value;
          outcome.value = null;
        }}
      />
      <div class="save">
        <button class="button quiet small" disabled={isBusy.value}>
          {button}
        </button>
        <span role="status" class="small">
          {outcome.value}
        </span>
      </div>
    </form>
  );
};

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
}

/** A proctor's actions for one student: send a message, begin a break, add a note. */
export const StudentGuidance = ({ sessionId, policy, isPresent }: StudentGuidanceProps) => (
  <div class="guidance">
    <WriteForm
      label={texts.message}
      hint={isPresent ? texts.messageHint : texts.notHere}
      button={texts.send}
      done={texts.done.message}
      maxLength={maxMessageLength}
      send={(text) => sendMessage(sessionId, text)}
    />
    <WriteForm
      label={texts.flag}
      hint={texts.flagHint}
      button={texts.keep}
      done={texts.done.flag}
      maxLength={maxNoteLength}
      send={(note) => sendFlag(sessionId, note)}
    />
    {policy.breaks ? <Breaks sessionId={sessionId} /> : <p class="soft small">{texts.noBreaks}</p>}
  </div>
);
