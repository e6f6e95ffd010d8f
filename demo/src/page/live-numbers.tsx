import type { Features } from '@invigil/protocol';
import { liveNumberTexts as texts } from './live-number-texts.ts';

type Reading = number | null | undefined;

const shown = (value: Reading, text: (value: number) => string): string =>
  value === null || value === undefined ? texts.unknown : text(value);

const degrees = (rad: Reading): string => shown(rad, (value) => `${Math.round((value * 180) / Math.PI)}°`);
const presence = (flag: Reading): string => shown(flag, (value) => (value === 1 ? texts.yes : texts.no));

const headText = ({ head_yaw: yaw, head_pitch: pitch }: Features): string =>
  (yaw ?? pitch ?? null) === null ? texts.unknown : `${degrees(yaw)} / ${degrees(pitch)}`;

const rowsOf = (frame: Features): readonly (readonly [string, string])[] => [
  [texts.readings.faces, shown(frame.no_of_face, String)],
  [texts.readings.head, headText(frame)],
  [
    texts.readings.gaze,
    frame.gaze_direction === null || frame.gaze_direction === undefined
      ? texts.unknown
      : texts.gaze[frame.gaze_direction],
  ],
  [texts.readings.phone, presence(frame.phone_present)],
  [texts.readings.hands, shown(frame.hand_count, String)],
  [texts.readings.light, shown(frame.image_brightness, (value) => `${Math.round(value * 100)} %`)],
  [texts.readings.speed, shown(frame.engine_latency_ms, (value) => `${Math.round(value)} ms`)],
];

/** The numbers themselves, as they are sent. Unknown is said as unknown. */
export const LiveNumbers = ({ frame, frames }: { frame: Features | null; frames?: number }) => (
  <dl class="numbers">
    {rowsOf(frame ?? {}).map(([name, value]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd class="number">{value}</dd>
      </div>
    ))}
    {frames === undefined ? null : (
      <div>
        <dt>{texts.readings.frames}</dt>
        <dd class="number">{frames}</dd>
      </div>
    )}
  </dl>
);
