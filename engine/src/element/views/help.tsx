import { useRef, useState } from 'preact/hooks';
import type { ViewProps } from './view-props.ts';

type HelpState = 'closed' | 'open' | 'sending' | 'sent' | 'failed';

const maxLength = 500;

/** Asks a proctor for help, if the page offers it. The answer comes as a message. */
export const Help = ({ texts: { help: texts }, askForHelp }: ViewProps) => {
  const [state, setState] = useState<HelpState>('closed');
  const field = useRef<HTMLTextAreaElement>(null);
  if (askForHelp === null) return null;
  const send = async (): Promise<void> => {
    setState('sending');
    try {
      await askForHelp(field.current?.value.trim() ?? '');
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
            <textarea ref={field} rows={2} maxLength={maxLength} data-testid="help-text" />
          </label>
          <div class="buttons">
            <button
              part="button"
              type="button"
              data-testid="help-send"
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
        <button part="button" class="quiet" type="button" data-testid="help" onClick={() => setState('open')}>
          {texts.ask}
        </button>
      )}
    </div>
  );
};
