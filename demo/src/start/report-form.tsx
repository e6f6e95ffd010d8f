import { isId } from '@invigil/protocol/frame';
import { useSignal } from '@preact/signals';
import { Notice } from '../page/notice.tsx';
import { withSession } from '../sessions/session-in-address.ts';
import { startTexts } from './start-texts.ts';

const texts = startTexts.report;

export const ReportForm = () => {
  const session = useSignal('');
  const wrong = useSignal(false);
  const open = (): void => {
    const id = session.value.trim();
    wrong.value = !isId(id);
    if (!wrong.value) location.assign(withSession('/report/', id));
  };
  return (
    <section class="card" aria-labelledby="read">
      <h2 id="read">{texts.title}</h2>
      <form
        class="one-line"
        onSubmit={(event) => {
          event.preventDefault();
          open();
        }}
      >
        <div class="field">
          <label for="session">{texts.session}</label>
          <span class="hint" id="session-hint">
            {texts.hint}
          </span>
          <input
            id="session"
            type="text"
            required
            autocomplete="off"
            spellcheck={false}
            aria-describedby="session-hint"
            value={session.value}
            onInput={(event) => (session.value = event.currentTarget.value)}
          />
        </div>
        <button class="button quiet">{texts.button}</button>
      </form>
      {wrong.value ? (
        <Notice kind="warning" urgent>
          <p>{texts.wrong}</p>
        </Notice>
      ) : null}
    </section>
  );
};
