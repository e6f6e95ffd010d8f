import { useRef, useState } from 'preact/hooks';
import { withDeadline } from '../../timing/deadline.ts';
import type { ViewProps } from './view-props.ts';

type HelpState = 'closed' | 'open' | 'sending' | 'sent' | 'failed';

const maxLength = 500;
/** For the page's function, whose request may never be answered. */
const sendTimeoutMs = 20_000;

interface HelpProps extends Pick<ViewProps, 'texts' | 'askForHelp'> {
  /** `reply`: it answers a proctor's message. */
  purpose: 'help' | 'reply';
}

/** Writes to a proctor, if the page offers it. The answer comes as a message. */
export const Help = ({ texts: all, askForHelp, purpose }: HelpProps) => {
  const texts = { ...all.help, ...(purpose === 'reply' ? all.reply : {}) };
  const [state, setState] = useState<HelpState>('closed');
  const field = useRef<HTMLTextAreaElement>(null);
  if (askForHelp === null) return null;
  const send = async (): Promise<void> => {
    const text = field.current?.value.trim() ?? '';
    // A call for help needs no words; a reply does.
    if (purpose === 'reply' && text === '') return field.current?.focus();
    setState('sending');
    try {
      await withDeadline('help', sendTimeoutMs, askForHelp(text));
      setState('sent');
    } catch {
      setState('failed');
    }
  };
  const isForm = state === 'open' || state === 'sending' || state === 'failed';
  return (
    <div class="help small">
      <p role="status">{state === 'sent' ? texts.sent : state === 'failed' ? texts.failed : null}</p>
      {isForm ? (
        <>
          <label>
            {texts.label}
            <textarea ref={field} rows={2} maxLength={maxLength} data-testid={`${purpose}-text`} />
          </label>
          <div class="buttons">
            <button
              part="button"
              type="button"
              data-testid={`${purpose}-send`}
              disabled={state === 'sending'}
              onClick={() => void send()}
            >
              {texts.send}
            </button>
            <button part="button" class="quiet" type="button" onClick={() => setState('closed')}>
              {texts.cancel}
            </button>
          </div>
        </>
      ) : (
        <button part="button" class="quiet" type="button" data-testid={purpose} onClick={() => setState('open')}>
          {texts.ask}
        </button>
      )}
    </div>
  );
};
