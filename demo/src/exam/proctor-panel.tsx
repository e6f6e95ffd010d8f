import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { CameraPreview } from '../page/camera-preview.tsx';
import { clockText } from '../page/duration-text.ts';
import { DeliveryLine } from './delivery-line.tsx';
import { panelTexts as texts } from './exam-texts.ts';
import { LiveNumbers } from '../page/live-numbers.tsx';
import { Notes } from './notes.tsx';
import { ObservedLine } from './observed-line.tsx';
import type { Sitting } from './sitting.ts';

interface PanelProps {
  sitting: Sitting;
  sinceMs: number;
  video: HTMLVideoElement;
}

const Elapsed = ({ sinceMs }: { sinceMs: number }) => {
  const now = useSignal(Date.now());
  useEffect(() => {
    const timer = setInterval(() => (now.value = Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return <span class="number soft">{clockText((now.value - sinceMs) / 1000)}</span>;
};

/** Beside the exam: observed or not and why, delivered or waiting, the numbers, the notes. */
export const ProctorPanel = ({ sitting, sinceMs, video }: PanelProps) => (
  <aside class="panel" aria-label={texts.title} data-frames={sitting.frames.value}>
    <div class="panel-head">
      <CameraPreview video={video} />
      <div>
        <ObservedLine frame={sitting.frame.value} />
        <DeliveryLine delivery={sitting.delivery.value} />
        <p class="soft small">
          {texts.elapsed} <Elapsed sinceMs={sinceMs} />
        </p>
      </div>
    </div>
    {sitting.trouble.value === null ? null : (
      <p class="notice wait small" role="alert">
        {sitting.trouble.value}
      </p>
    )}
    <details>
      <summary>{texts.numbers}</summary>
      <LiveNumbers frame={sitting.frame.value} frames={sitting.frames.value} />
    </details>
    <details>
      <summary>
        {texts.notes} <span class="count number">{sitting.noted.value.length}</span>
      </summary>
      <Notes noted={sitting.noted.value} sinceMs={sinceMs} />
    </details>
  </aside>
);
