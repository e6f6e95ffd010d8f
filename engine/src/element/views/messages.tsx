import { Help } from './help.tsx';
import type { ViewProps } from './view-props.ts';

const timeText = (ms: number, language: string): string =>
  new Date(ms).toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit' });

/** Proctors' messages to this student, until dismissed. Screen readers announce them at the next pause. */
export const Messages = ({ view, texts, language, askForHelp, onMessagesRead }: ViewProps) => {
  const { messages } = view.guidance;
  const unread = messages.slice(messages.findIndex(({ id }) => id === view.lastReadMessage) + 1);
  return (
    <>
      <div role="status" data-testid="messages">
        {unread.length === 0 ? null : (
          <div part="notice message" class="notice calm small">
            <h2>{texts.messages.title}</h2>
            {unread.map(({ id, text, atMs }) => (
              <p key={id} class="message">
                <span class="soft number" translate={false}>
                  {timeText(atMs, language)}
                </span>{' '}
                {text}
              </p>
            ))}
            <button part="button" class="quiet" type="button" data-testid="messages-read" onClick={onMessagesRead}>
              {texts.messages.read}
            </button>
          </div>
        )}
      </div>
      {/* Outside the status, so that writing is not announced. */}
      {unread.length === 0 ? null : <Help texts={texts} askForHelp={askForHelp} purpose="reply" />}
    </>
  );
};
