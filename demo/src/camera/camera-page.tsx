import { useEffect, useMemo } from 'preact/hooks';
import { ProctorPlace } from '../exam/proctor-place.tsx';
import { Notice } from '../page/notice.tsx';
import { PageFrame } from '../page/page-frame.tsx';
import { createCameraSession } from './camera-session.ts';
import type { CameraSession } from './camera-session.ts';
import { cameraTexts as texts } from './camera-texts.ts';

const CameraView = ({ session }: { session: Pick<CameraSession, 'stage' | 'join' | 'rejoin'> }) => {
  const stage = session.stage.value;
  switch (stage.stage) {
    case 'joining':
      return <p role="status">{texts.joining}</p>;
    case 'refused':
      return (
        <Notice kind="warning" urgent title={stage.problem === 'unreachable' ? texts.notOpened : texts.refused}>
          <p>{stage.problem === 'unreachable' ? texts.unreachable : texts.refusedText}</p>
          {stage.problem === 'unreachable' ? (
            <div class="buttons">
              <button class="button" type="button" data-testid="again" onClick={() => void session.join()}>
                {texts.again}
              </button>
            </div>
          ) : null}
        </Notice>
      );
    case 'joined':
      return (
        <>
          <p>{texts.lead(stage.title ?? texts.untitled)}</p>
          <p class="soft">{texts.place}</p>
          <ProctorPlace element={stage.element} />
        </>
      );
    case 'over':
      return (
        <Notice title={texts.over}>
          <p>{stage.isExamOver ? texts.overText : texts.stoppedText}</p>
          {stage.isExamOver ? null : (
            <div class="buttons">
              <button class="button" type="button" data-testid="rejoin" onClick={() => session.rejoin()}>
                {texts.rejoin}
              </button>
            </div>
          )}
        </Notice>
      );
  }
};

/** A phone that becomes the camera of an exam on a computer. */
export const CameraPage = () => {
  const session = useMemo(() => createCameraSession(), []);
  useEffect(() => void session.join(), [session]);
  return (
    <PageFrame here="camera">
      <div data-camera-stage={session.stage.value.stage}>
        <h1>{texts.title}</h1>
        <CameraView session={session} />
      </div>
    </PageFrame>
  );
};
