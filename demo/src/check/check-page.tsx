import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { CalibrationStep } from '../calibration/calibration-step.tsx';
import { LiveNumbers } from '../page/live-numbers.tsx';
import { CameraPreview, createPreview } from '../page/camera-preview.tsx';
import { LoadProgressView } from '../page/load-progress.tsx';
import { Notice } from '../page/notice.tsx';
import { PageFrame } from '../page/page-frame.tsx';
import type { StudentPlace } from '../api/student-api.ts';
import { sessionInAddress } from '../sessions/session-in-address.ts';
import { CameraSelect } from './camera-select.tsx';
import { checkPlace, examAddress, isPractice, recordCheck } from './check-place.ts';
import { Practice, PracticeDone } from './practice.tsx';
import { createCameraCheck } from './camera-check.ts';
import type { CameraCheck } from './camera-check.ts';
import { CheckList } from './check-list.tsx';
import { checkTexts as texts } from './check-texts.ts';
import { HeadChart } from './head-chart.tsx';
import './check.css';

const goToExam = async (place: StudentPlace | null): Promise<void> => location.assign(await examAddress(place));

interface CheckProps {
  check: CameraCheck;
  place: StudentPlace | null;
  /** The trial run was recorded at this time. */
  done: (checkedAt: string) => void;
}

const Checking = ({ check, place, done, video }: CheckProps & { video: HTMLVideoElement }) => {
  const { stage } = check;
  if (stage.value.stage !== 'checking') return null;
  const history = check.history.value;
  const goOn = async (): Promise<void> => {
    await Promise.all([recordCheck(check, place), check.leave()]);
    await goToExam(place);
  };
  return (
    <div class="checking">
      <section aria-label={texts.preview}>
        <div class="framed">
          <CameraPreview video={video} />
          <svg class="oval" viewBox="0 0 40 30" aria-hidden="true">
            <ellipse cx="20" cy="14.5" rx="5.6" ry="7.6" />
          </svg>
        </div>
        <p class="soft small">{texts.guide}</p>
        <CameraSelect cameras={check.cameras.value} choose={(deviceId) => void check.chooseCamera(deviceId)} />
        <HeadChart history={history} />
      </section>
      <div class="beside">
        <section class="card" aria-labelledby="checks">
          <h2 id="checks">{texts.list}</h2>
          <CheckList camera={stage.value.camera} history={history} />
          {isPractice(place) ? null : (
            <div class="buttons">
              <button class="button" type="button" onClick={() => void goOn()}>
                {texts.next}
              </button>
            </div>
          )}
          <details>
            <summary>{texts.numbers}</summary>
            <LiveNumbers frame={history.at(-1) ?? null} />
          </details>
        </section>
        {isPractice(place) ? <Practice check={check} place={place} done={done} /> : null}
        {/* Stored with the session that it belongs to. */}
        {sessionInAddress() === null ? null : (
          <CalibrationStep state={check.calibration.value} onBegin={() => void check.calibrate()} />
        )}
      </div>
    </div>
  );
};

const Intro = ({ check, place }: Omit<CheckProps, 'done'>) => (
  <section class="card">
    <p>{texts.intro.text}</p>
    <p class="soft">{texts.intro.download}</p>
    <div class="buttons">
      <button class="button" type="button" data-testid="camera-on" onClick={() => void check.begin()}>
        {texts.intro.button}
      </button>
      {isPractice(place) ? null : (
        <button class="button quiet" type="button" onClick={() => void goToExam(place)}>
          {texts.intro.skip}
        </button>
      )}
    </div>
  </section>
);

const View = ({ check, place, done, video }: CheckProps & { video: HTMLVideoElement }) => {
  const stage = check.stage.value;
  switch (stage.stage) {
    case 'intro':
      return <Intro check={check} place={place} />;
    case 'preparing':
      return (
        <LoadProgressView
          progress={stage.progress}
          title={texts.preparing.title}
          text={texts.preparing.text}
          firstStep={texts.preparing.first}
          models={texts.preparing.models}
          warmUp={texts.preparing.warmUp}
          amount={texts.preparing.progress}
        />
      );
    case 'checking':
      return <Checking check={check} place={place} done={done} video={video} />;
    case 'failed':
      return (
        <Notice kind="warning" urgent title={texts.failed.title}>
          <p>{stage.message}</p>
          <div class="buttons">
            <button class="button" type="button" onClick={() => void check.begin()}>
              {texts.failed.again}
            </button>
          </div>
          {stage.detail === null ? null : <p class="soft small">{stage.detail}</p>}
        </Notice>
      );
  }
};

export const CheckPage = () => {
  const video = useMemo(() => createPreview(texts.preview), []);
  const check = useMemo(() => createCameraCheck(video), []);
  const place = useMemo(() => checkPlace(), []);
  const checkedAt = useSignal<string | null>(null);
  const { stage } = check.stage.value;
  const isDone = checkedAt.value !== null;
  return (
    <PageFrame here="check" wide={stage === 'checking' && !isDone} isLinked={isPractice(place)}>
      <div data-check={stage}>
        <h1>{texts.title}</h1>
        {checkedAt.value !== null && place !== null ? (
          <PracticeDone checkedAt={checkedAt.value} examId={place.examId} />
        ) : (
          <View check={check} place={place} video={video} done={(at) => (checkedAt.value = at)} />
        )}
      </div>
    </PageFrame>
  );
};
