import { timeOfDayText } from '../../page/moment-text.ts';
import { guidanceTexts } from '../texts/guidance-texts.ts';
import type { ConversationEntry } from './conversation.ts';

const texts = guidanceTexts.conversation;

const labelOf = ({ kind, by }: ConversationEntry): string => {
  if (by === null) return texts.student;
  return kind === 'note' ? `${texts.note}, ${by}` : kind === 'message' ? `${texts.message}, ${by}` : by;
};

/** Messages, calls for help and notes, newest first. */
export const ConversationList = ({ entries }: { entries: readonly ConversationEntry[] }) => (
  <section aria-labelledby="conversation">
    <h3 id="conversation">{texts.title}</h3>
    {entries.length === 0 ? <p class="soft small">{texts.none}</p> : null}
    <ul class="conversation">
      {entries.map((entry) => (
        <li key={entry.at + entry.kind + entry.text} data-kind={entry.kind}>
          <span class="soft small">
            <span class="number" translate={false}>
              {timeOfDayText(Date.parse(entry.at))}
            </span>{' '}
            {labelOf(entry)}
          </span>
          <p>{entry.text}</p>
        </li>
      ))}
    </ul>
  </section>
);
