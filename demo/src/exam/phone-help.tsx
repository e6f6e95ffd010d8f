import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { phoneTexts } from './phone-texts.ts';

const texts = phoneTexts.help;
/** As in the element. */
const maxLength = 500;

/** Writes to a proctor while the phone is the camera, because the element that otherwise offers it is not on the page. */
export const PhoneHelp = ({ ask }: { ask: (text: string) => Promise<unknown> }) => {
  const id = useId();
  const text = useSignal('');
  const state = useSignal<'idle' | 'sending' | 'sent' | 'failed'>('idle');
  const send = async (): Promise<void> => {
    state.value = 'sending';
    const sent = text.value.trim();
    try {
      await ask(sent);
      // Keep text typed while sending.
      if (text.peek().trim() === sent) text.value = '';
      state.value = 'sent';
    } catch {
      state.value = 'failed';
    }
  };
  return (
    <details data-testid="phone-help">
      <summary>{texts.ask}</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <div class="field">
          <label for={id}>{texts.label}</label>
          <textarea
            id={id}
            rows={2}
            maxLength={maxLength}
            value={text.value}
            onInput={(event) => {
              text.value = event.currentTarget.value;
              if (state.value !== 'sending') state.value = 'idle';
            }}
          />
        </div>
        <button class="button quiet" disabled={state.value === 'sending'}>
          {texts.send}
        </button>
      </form>
      <p role="status">{state.value === 'sent' ? texts.sent : state.value === 'failed' ? texts.failed : null}</p>
    </details>
  );
};
