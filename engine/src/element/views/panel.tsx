import { isObserved, notObservedReason } from '@invigil/protocol/frame';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { EngineFacts } from '../../worker/perception.ts';
import { clockText } from '../../i18n/duration-text.ts';
import type { Language } from '../../i18n/language.ts';
import { observationTexts } from '../../i18n/observation-texts.ts';
import { nextAnnouncement, noAnnouncement } from './delivery-announcement.ts';
import { deliveryStatus } from './delivery-status.ts';
import { filled } from '../texts/element-texts.ts';
import type { ElementTexts } from '../texts/element-texts.ts';
import { examTime } from '../notice/exam-time.ts';
import { Help } from './help.tsx';
import { imageStatus } from './image-status.ts';
import { Live } from './live.tsx';
import { Notes } from './notes.tsx';
import { Numbers } from './numbers.tsx';
import { Break } from './break.tsx';
import { CameraPicker } from './camera-picker.tsx';
import { PanelBar } from './panel-bar.tsx';
import { Status } from './status.tsx';
import type { StatusProps } from './status.tsx';
import { Messages } from './messages.tsx';
import type { Stage } from '../session/stage.ts';
import { nextObservedAnnouncement } from './observed-announcement.ts';
import { RunningWithout } from './running-without.tsx';
import type { ViewProps } from './view-props.ts';

/** Shows the preview here, mirrored. */
const Preview = ({ video }: { video: HTMLVideoElement }) => {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    place.current?.append(video);
    if (video.srcObject !== null) video.play().catch((error: unknown) => console.warn('preview_not_playing', error));
  }, [video]);
  return <div part="preview" ref={place} class="preview" />;
};

/** Delivery for screen readers: changes of its state, without the numbers that are shown. */
const Spoken = ({ view: { delivery }, texts, online }: ViewProps) => {
  const said = useRef(noAnnouncement);
  said.current = nextAnnouncement(said.current, delivery, texts.delivery, online);
  return (
    <p class="spoken" role="status" data-testid="spoken">
      {said.current.text}
    </p>
  );
};

/** The same for observation. @param isExplained another live region says what is wrong */
const SpokenObserved = ({ status: { text, kind }, isExplained }: { status: ObservedStatus; isExplained: boolean }) => {
  const said = useRef(noAnnouncement);
  // While it starts and during a break, there is nothing to announce.
  if (kind !== 'hollow') {
    said.current = nextObservedAnnouncement(said.current, { text, isObserved: kind === 'calm', isExplained });
  }
  return (
    <p class="spoken" role="status" data-testid="spoken-observed">
      {said.current.text}
    </p>
  );
};

interface ObservedStatus extends Pick<StatusProps, 'text' | 'kind'> {
  /** For the bar. */
  short: string;
}

/** Without a camera, the last frame may still state an earlier reason, such as a break. */
const observedStatus = (
  { frame, trouble }: ViewProps['view'],
  texts: ElementTexts['panel'],
  language: Language,
): ObservedStatus => {
  const { reasons } = observationTexts[language];
  const notObserved = (reason: string): ObservedStatus => ({
    text: filled(texts.notObserved, { reason }),
    short: texts.short.notObserved,
    kind: 'wait',
  });
  if (trouble === 'camera_lost' || trouble === 'camera_blocked') return notObserved(reasons[trouble]);
  if (frame === null) return { text: texts.starting, short: texts.starting, kind: 'hollow' };
  if (isObserved(frame)) return { text: texts.observed, short: texts.observed, kind: 'calm' };
  return notObserved(reasons[notObservedReason(frame)]);
};

const Missing = ({
  capabilities,
  texts,
}: {
  capabilities: EngineFacts['capabilities'] | null;
  texts: ElementTexts['panel'];
}) => {
  const names = (['phone', 'hands'] as const).filter((name) => capabilities?.[name].available === false);
  if (names.length === 0) return null;
  const text = filled(texts.missing, { names: names.map((name) => texts[name]).join(', ') });
  return <p class="soft small">{text}</p>;
};

const DeliveryNotes = ({ view: { delivery }, texts, onRestart }: ViewProps) => {
  const count = Object.values(delivery?.lost ?? {}).reduce((sum, lost) => sum + lost, 0);
  return (
    <>
      {count > 0 ? <Live text={filled(texts.delivery.lost, { count })} class="soft small block" /> : null}
      {delivery?.state === 'ended' && delivery.reason === 'refused' ? (
        <button part="button" class="quiet small" type="button" data-testid="again" onClick={onRestart}>
          {texts.again}
        </button>
      ) : null}
      {delivery?.storage === 'memory' ? <p class="soft small">{texts.delivery.memory}</p> : null}
    </>
  );
};

/** Whether images leave this device now, and how many did. */
const Images = ({ view: { pictures }, texts, status }: ViewProps & { status: ReturnType<typeof imageStatus> }) => (
  <>
    {status.isSending ? (
      <Status name="watched" text={status.text} kind="wait" />
    ) : (
      <p class="soft small" data-testid="images">
        <Live text={status.text} />
      </p>
    )}
    {pictures.sent > 0 ? (
      <Live text={filled(texts.panel.pictures, { count: pictures.sent })} class="soft small block" />
    ) : null}
  </>
);

interface PanelProps extends ViewProps {
  running: Extract<Stage, { stage: 'running' }>;
}

/** Beside the exam: whether the student is observed, the delivery status, the measurements, the observations. */
export const Panel = (props: PanelProps) => {
  const { view, texts, language, video, online, nowMs, serverNowMs, notice, mayPicture } = props;
  const { sinceMs, breakSinceMs, missing } = props.running;
  const [isExpanded, setExpanded] = useState(false);
  const delivery = deliveryStatus(view.delivery, texts.delivery, online);
  const observed =
    breakSinceMs === null
      ? observedStatus(view, texts.panel, language)
      : ({ text: texts.break.status, short: texts.break.status, kind: 'hollow' } as const);
  const isCameraOff =
    breakSinceMs !== null || missing !== null || view.trouble === 'camera_lost' || view.trouble === 'camera_blocked';
  const images = imageStatus(
    { pictures: view.pictures, notice, mayPicture, isCameraOff, delivery: online ? view.delivery : null },
    texts.images,
  );
  const time = examTime(notice, serverNowMs ?? nowMs, sinceMs);
  const bar = images.isSending
    ? ({ text: texts.images.sendingShort, kind: 'wait' } as const)
    : delivery.calm
      ? ({ text: observed.short, kind: observed.kind } as const)
      : ({ text: texts.panel.short[delivery.problem], kind: 'wait' } as const);
  return (
    <section
      part="panel"
      class="panel"
      aria-label={texts.title}
      data-frames={view.frames}
      data-expanded={String(isExpanded)}
    >
      <PanelBar
        {...bar}
        time={time}
        texts={texts.panel}
        isExpanded={isExpanded}
        onToggle={() => setExpanded(!isExpanded)}
      />
      <div class="head">
        <Preview video={video} />
        <div>
          <Status name="observed" text={observed.text} kind={observed.kind} isSpoken={false} />
          <SpokenObserved status={observed} isExplained={view.trouble !== null || missing !== null} />
          <Status name="delivery" text={delivery.text} kind={delivery.calm ? 'calm' : 'wait'} isSpoken={false} />
          <Spoken {...props} />
          <p class="soft small" data-testid="time">
            {time.kind === 'left' ? texts.panel.left : texts.panel.elapsed}{' '}
            <span class="number" translate={false}>
              <Live text={clockText(time.seconds)} />
            </span>
          </p>
        </div>
        <div class="sent">
          <DeliveryNotes {...props} />
          <Images {...props} status={images} />
        </div>
      </div>
      <Messages {...props} />
      {breakSinceMs === null ? null : <Break {...props} breakSinceMs={breakSinceMs} />}
      {breakSinceMs === null && missing !== null ? <RunningWithout {...props} part={missing} /> : null}
      {view.trouble === null ? null : (
        <p part="notice wait" class="notice wait small" role="alert">
          {texts.failures[view.trouble]}
        </p>
      )}
      <More {...props} />
    </section>
  );
};

/** What a student needs less often; in a small window it is behind a button. */
const More = (props: PanelProps) => {
  const { view, texts, language } = props;
  const { sinceMs, breakSinceMs, capabilities } = props.running;
  return (
    <div class="more">
      <CameraPicker {...props} />
      {breakSinceMs === null ? <Break {...props} breakSinceMs={null} /> : null}
      <Help {...props} purpose="help" />
      <Missing capabilities={capabilities} texts={texts.panel} />
      <details>
        <summary>{texts.panel.numbers}</summary>
        <Numbers frame={view.frame ?? {}} frames={view.frames} language={language} />
      </details>
      <details>
        <summary>
          {texts.panel.notes}{' '}
          <span class="soft number" translate={false}>
            <Live text={String(view.noted.length)} />
          </span>
        </summary>
        <Notes noted={view.noted} sinceMs={sinceMs} texts={texts.panel} language={language} />
      </details>
    </div>
  );
};
