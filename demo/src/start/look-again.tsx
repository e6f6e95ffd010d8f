import { startTexts } from './start-texts.ts';

/** For an exam that cannot be shown: its link may work in a moment. */
export const LookAgain = () => (
  <div class="buttons">
    <button class="button" type="button" data-testid="look-again" onClick={() => location.reload()}>
      {startTexts.exam.again}
    </button>
  </div>
);
