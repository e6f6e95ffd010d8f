import type { Features } from '@invigil/protocol/frame';
import type { Language } from './language.ts';
import { numberText, percentText } from './number-text.ts';
import { readingTexts } from './reading-texts.ts';

type Reading = number | null | undefined;

/** A frame's measurements as lines of name and value, in a fixed order. Unknown values are shown as unknown. */
export const readingRows = (frame: Features, language: Language): readonly (readonly [string, string])[] => {
  const words = readingTexts[language];
  const { readings } = words;
  const shown = (value: Reading, text: (value: number) => string): string =>
    value === null || value === undefined ? words.unknown : text(value);
  const count = (value: number): string => numberText(value, language);
  const degrees = (rad: number): string => `${count((rad * 180) / Math.PI)}°`;
  const { head_yaw: yaw, head_pitch: pitch, gaze_direction: gaze } = frame;
  return [
    [readings.faces, shown(frame.no_of_face, count)],
    [
      readings.head,
      (yaw ?? pitch ?? null) === null ? words.unknown : `${shown(yaw, degrees)} / ${shown(pitch, degrees)}`,
    ],
    [readings.gaze, gaze === null || gaze === undefined ? words.unknown : words.gaze[gaze]],
    [readings.phone, shown(frame.phone_present, (value) => (value === 1 ? words.yes : words.no))],
    [readings.hands, shown(frame.hand_count, count)],
    [readings.light, shown(frame.image_brightness, (value) => percentText(value, language))],
    [readings.speed, shown(frame.engine_latency_ms, (value) => `${count(value)} ms`)],
  ];
};
