import type { CameraWait } from '../../camera/camera-state.ts';
import { Notice } from './notice.tsx';
import type { ViewProps } from './view-props.ts';

/** The step that is needed before the camera opens, and its button. */
export const CameraWaiting = ({ texts, onRestart, waitingFor }: ViewProps & { waitingFor: CameraWait }) => {
  const { title, text, button } = texts.cameraWaiting[waitingFor];
  // Any touch of the page starts the camera, including this button's.
  const onClick = waitingFor === 'touch' ? undefined : onRestart;
  return (
    <Notice title={title} kind="wait">
      <p>{text}</p>
      <button part="button" type="button" data-testid="again" onClick={onClick}>
        {button}
      </button>
    </Notice>
  );
};
