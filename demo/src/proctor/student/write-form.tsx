import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import type { Answer } from '../../api/answer.ts';
import { guidanceTexts } from '../texts/guidance-texts.ts';
import { proctorTexts } from '../texts/proctor-texts.ts';

export interface WriteFormProps<Value> {
  label: string;
  hint?: string;
  button: string;
  /** The status after it was sent. */
  done: (value: Value) => string;
  maxLength: number;
  /** Ready-made texts, each sent by one click. */
  canned?: readonly string[];
  send: (text: string) => Promise<Answer<Value>>;
}

interface CannedProps {
  texts: readonly string[];
  isBusy: boolean;
  send: (text: string) => void;
}

const Canned = ({ texts, isBusy, send }: CannedProps) => (
  <div class="canned" role="group" aria-label={guidanceTexts.canned.title} data-testid="canned">
    {texts.map((text) => (
      <button key={text} type="button" class="button quiet small" disabled={isBusy} onClick={() => send(text)}>
        {text}
      </button>
    ))}
  </div>
);

/** A text field that sends its text and stays filled if that fails. */
export const WriteForm = <Value,>(props: WriteFormProps<Value>) => {
  const { label, hint, button, done, maxLength, canned, send } = props;
  const id = useId();
  const text = useSignal('');
  const outcome = useSignal<string | null>(null);
  const isBusy = useSignal(false);
  const submit = async (sent: string, isOwn: boolean): Promise<void> => {
    isBusy.value = true;
    const answer = await send(sent);
    isBusy.value = false;
    outcome.value = answer.ok ? done(answer.value) : (answer.detail ?? proctorTexts.student.failed);
    // Keep text typed while sending.
    if (answer.ok && isOwn && text.peek().trim() === sent) text.value = '';
  };
  return (
    <form
      class="write"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.value.trim() !== '') void submit(text.value.trim(), true);
      }}
    >
      <label for={id}>{label}</label>
      {hint === undefined ? null : (
        <span class="soft small" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      <textarea
        id={id}
        rows={2}
        required
        maxLength={maxLength}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
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
      {canned === undefined ? null : (
        <Canned texts={canned} isBusy={isBusy.value} send={(ready) => void submit(ready, false)} />
      )}
    </form>
  );
};
