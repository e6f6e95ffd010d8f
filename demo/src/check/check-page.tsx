import { useMemo } from 'preact/hooks';
import { CalibrationStep } from '../calibration/calibration-step.tsx';
import { LiveNumbers } from '../page/live-numbers.tsx';
import { CameraPreview, createPreview } from '../page/camera-preview.tsx';
import { LoadProgressView } from '../page/load-progress.tsx';
import { Notice } from '../page/notice.tsx';
import { PageFrame } from '../page/page-frame.tsx';
import { sessionInAddress, withSession } from '../sessions/session-in-address.ts';
import { createCameraCheck } from './camera-check.ts';
import type { CameraCheck } from './camera-check.ts';
import { CheckList } from './check-list.tsx';
import { checkTexts as texts } from './check-texts.ts';
import { HeadChart } from './head-chart.tsx';
import './check.css';

const examAddress = (): string => withSession('/exam/', sessionInAddress());

const Checking = ({ check, video }: { check: CameraCheck; video: HTMLVideoElement }) => {
  const { stage } = check;
  if (stage.value.stage !== 'checking') return null;
  const history = check.history.value;
  const goOn = async (): Promise<void> => {
    await check.leave();
    location.assign(examAddress());
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
        <HeadChart history={history} />
      </section>
      <div class="beside">
        <section class="card" aria-labelledby="checks">
          <h2 id="checks">{texts.list}</h2>
          <CheckList camera={stage.value.camera} history={history} />
          <div class="buttons">
            <button class="button" type="button" onClick={() => void goOn()}>
              {texts.next}
            </button>
          </div>
          <details>
            <summary>{texts.numbers}</summary>
            <LiveNumbers frame={history.at(-1) ?? null} />
          </details>
        </section>
        {/* Stored with the session that it belongs to. */}
        {sessionInAddress() === null ? null : (
          <CalibrationStep state={check.calibration.value} onBegin={() => void check.calibrate()} />
        )}
      </div>
    </div>
  );
};

const Intro = ({ check }: { check: CameraCheck }) => (
  <section class="card">
    <p>{texts.intro.text}</p>
    <p class="soft">{texts.intro.download}</p>
    <div class="buttons">
      <button class="button" type="button" data-testid="camera-on" onClick={() => void check.begin()}>
        {texts.intro.button}
      </button>
      <a class="button quiet" href={examAddress()}>
        {texts.intro.skip}
      </a>
    </div>
  </section>
);

const View = ({ check, video }: { check: CameraCheck; video: HTMLVideoElement }) => {
  const stage = check.stage.value;
  switch (stage.stage) {
    case 'intro':
      return <Intro check={check} />;
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
      return <Checking check={check} video={video} />;
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
  const { stage } = check.stage.value;
  return (
    <PageFrame here="check" wide={stage === 'checking'}>
      <div data-check={stage}>
        <h1>{texts.title}</h1>
        <View check={check} video={video} />
      </div>
    </PageFrame>
  );
};
