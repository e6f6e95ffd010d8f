import type { Features } from '@invigil/protocol/frame';
import type { Language } from './language.ts';
import { readingTexts } from './reading-texts.ts';

type Reading = number | null | undefined;

const degrees = (rad: number): string => `${Math.round((rad * 180) / Math.PI)}°`;

/** A frame's measurements as lines of name and value, in a fixed order. Unknown values are shown as unknown. */
export const readingRows = (frame: Features, language: Language): readonly (readonly [string, string])[] => {
  const words = readingTexts[language];
  const { readings } = words;
  const shown = (value: Reading, text: (value: number) => string): string =>
    value === null || value === undefined ? words.unknown : text(value);
  const { head_yaw: yaw, head_pitch: pitch, gaze_direction: gaze } = frame;
  return [
    [readings.faces, shown(frame.no_of_face, String)],
    [
      readings.head,
      (yaw ?? pitch ?? null) === null ? words.unknown : `${shown(yaw, degrees)} / ${shown(pitch, degrees)}`,
    ],
    [readings.gaze, gaze === null || gaze === undefined ? words.unknown : words.gaze[gaze]],
    [readings.phone, shown(frame.phone_present, (value) => (value === 1 ? words.yes : words.no))],
    [readings.hands, shown(frame.hand_count, String)],
    [readings.light, shown(frame.image_brightness, (value) => `${Math.round(value * 100)} %`)],
    [readings.speed, shown(frame.engine_latency_ms, (value) => `${Math.round(value)} ms`)],
  ];
};
