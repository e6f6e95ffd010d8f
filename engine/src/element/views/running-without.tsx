import type { MissingPart } from '../../proctor/missing-part.ts';
import type { ViewProps } from './view-props.ts';

/** The session runs without this part: what that means, and the way back. */
export const RunningWithout = ({ texts, onResume, part }: ViewProps & { part: MissingPart }) => (
  <div part="notice calm" class="notice calm small" data-testid="missing">
    <p role="status">{texts.without[part].text}</p>
    <button part="button" class="quiet" type="button" data-testid="retry" onClick={onResume}>
      {texts.without[part].retry}
    </button>
  </div>
);
