import { useRef, useState } from 'preact/hooks';
import { withDeadline } from '../../timing/deadline.ts';
import type { ViewProps } from './view-props.ts';

type Sending = 'idle' | 'sending' | 'sent' | 'failed';

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
  const [isOpen, setOpen] = useState(false);
  const [state, setState] = useState<Sending>('idle');
  /** Counts how often the form was opened, so that late answers to an earlier message are ignored. */
  const openings = useRef(0);
  const field = useRef<HTMLTextAreaElement>(null);
  if (askForHelp === null) return null;
  const send = async (): Promise<void> => {
    const text = field.current?.value.trim() ?? '';
    // A call for help needs no words; a reply does.
    if (purpose === 'reply' && text === '') return field.current?.focus();
    const opening = openings.current;
    setState('sending');
    let outcome: Sending = 'sent';
    try {
      await withDeadline('help', sendTimeoutMs, askForHelp(text));
    } catch {
      outcome = 'failed';
    }
    if (opening !== openings.current) return;
    setState(outcome);
    // Keep text typed while sending.
    if (outcome === 'sent' && field.current?.value.trim() === text) setOpen(false);
  };
  const open = (): void => {
    openings.current += 1;
    setState('idle');
    setOpen(true);
  };
  const cancel = (): void => {
    setState('idle');
    setOpen(false);
  };
  return (
    <div class="help small">
      <p role="status">{state === 'sent' ? texts.sent : state === 'failed' ? texts.failed : null}</p>
      {isOpen ? (
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
            <button part="button" class="quiet" type="button" onClick={cancel}>
              {texts.cancel}
            </button>
          </div>
        </>
      ) : (
        <button part="button" class="quiet" type="button" data-testid={purpose} onClick={open}>
          {texts.ask}
        </button>
      )}
    </div>
  );
};
