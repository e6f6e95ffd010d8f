import { guidanceTexts } from '../texts/guidance-texts.ts';
import { proctorTexts } from '../texts/proctor-texts.ts';
import { undoS } from '../watch/pending-ends.ts';
import type { PendingEnds } from '../watch/pending-ends.ts';

const texts = proctorTexts.student;

/** Ends the session after a few seconds in which it can be undone. */
export const EndSession = ({ ends, sessionId }: { ends: PendingEnds; sessionId: string }) => {
  const end = ends.states.value.get(sessionId);
  if (end?.state === 'ended') return <p role="status">{texts.ended}</p>;
  if (end?.state === 'counting') {
    return (
      <span class="save" data-testid="ending">
        {/* Read out once, not every second. */}
        <span class="visually-hidden" role="status">
          {guidanceTexts.ending.soon(undoS)}
        </span>
        <span aria-hidden="true">{guidanceTexts.ending.soon(end.secondsLeft)}</span>
        <button type="button" class="button small" onClick={() => ends.undo(sessionId)}>
          {guidanceTexts.ending.undo}
        </button>
      </span>
    );
  }
  return (
    <>
      <button
        type="button"
        class="button quiet small"
        data-testid="end-session"
        disabled={end?.state === 'ending'}
        onClick={() => ends.start(sessionId)}
      >
        {texts.end}
      </button>
      {end?.state === 'failed' ? <p role="alert">{texts.endFailed}</p> : null}
    </>
  );
};
