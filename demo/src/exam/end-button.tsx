import { useRef } from 'preact/hooks';
import { examTexts } from './exam-texts.ts';

const texts = examTexts.end;

/** Asks for confirmation before ending the exam, because it cannot be resumed. */
export const EndButton = ({ unanswered, onEnd }: { unanswered: number; onEnd: () => void }) => {
  const dialog = useRef<HTMLDialogElement>(null);
  return (
    <>
      <button class="button quiet" type="button" data-testid="end" onClick={() => dialog.current?.showModal()}>
        {texts.button}
      </button>
      <dialog ref={dialog} aria-labelledby="end-title" aria-describedby="end-text">
        <h2 id="end-title">{texts.title}</h2>
        <p id="end-text">
          {unanswered === 0 ? null : <strong>{texts.unanswered(unanswered)} </strong>}
          {texts.text}
        </p>
        <div class="buttons">
          <button class="button quiet" type="button" onClick={() => dialog.current?.close()}>
            {texts.back}
          </button>
          <button class="button" type="button" data-testid="end-confirm" onClick={onEnd}>
            {texts.confirm}
          </button>
        </div>
      </dialog>
    </>
  );
};
