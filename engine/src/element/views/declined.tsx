import { Notice } from './notice.tsx';
import { Organiser } from './organiser.tsx';
import type { ViewProps } from './view-props.ts';

/** The student does not agree: what that means, and the way back. */
export const Declined = (props: ViewProps) => {
  const { texts, notice, onReconsider } = props;
  return (
    <Notice title={texts.declined.title}>
      <p>{texts.declined.text}</p>
      {notice?.organiser == null ? null : (
        <dl class="points">
          <Organiser {...props} />
        </dl>
      )}
      <button part="button" class="quiet" type="button" data-testid="reconsider" onClick={onReconsider}>
        {texts.declined.back}
      </button>
    </Notice>
  );
};
