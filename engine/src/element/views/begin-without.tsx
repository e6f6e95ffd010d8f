import type { Lack } from '../../proctor/missing-part.ts';
import type { ViewProps } from './view-props.ts';

/** Explains a missing part: the exam requires it, or the student may continue without it. */
export const BeginWithout = ({ texts, onBeginWithout, lack }: ViewProps & { lack: Lack }) => {
  const { part, mayContinue } = lack;
  const own = texts.without[part];
  if (!mayContinue) return <p class="small">{own.required}</p>;
  return (
    <>
      <p class="small">{own.continue}</p>
      <button part="button" class="quiet" type="button" data-testid="without" onClick={() => onBeginWithout(part)}>
        {own.begin}
      </button>
    </>
  );
};
