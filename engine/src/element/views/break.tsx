import { clockText } from '../../i18n/duration-text.ts';
import { filled } from '../texts/element-texts.ts';
import { Live } from './live.tsx';
import type { ViewProps } from './view-props.ts';

/** Starts and ends a break, if the exam allows it or a proctor asked for it. */
export const Break = (props: ViewProps & { breakSinceMs: number | null }) => {
  const { view, texts, nowMs, breakSinceMs, onPause, onResume } = props;
  if (breakSinceMs !== null) {
    return (
      <div part="notice calm" class="notice calm small" data-testid="break">
        <p role="status">{texts.break.text}</p>
        <p class="soft">
          <Live text={filled(texts.break.since, { duration: clockText((nowMs - breakSinceMs) / 1000) })} />
        </p>
        <button part="button" type="button" data-testid="resume" onClick={onResume}>
          {texts.break.end}
        </button>
      </div>
    );
  }
  if (!view.guidance.mayBreak) return null;
  return (
    <p class="break small">
      <button part="button" class="quiet" type="button" data-testid="pause" onClick={onPause}>
        {texts.break.begin}
      </button>
    </p>
  );
};
