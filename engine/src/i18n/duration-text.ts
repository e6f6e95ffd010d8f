import type { Language } from './language.ts';
import { numberText } from './number-text.ts';

/** 75 → "1:15". */
export const clockText = (seconds: number): string => {
  const whole = Math.max(0, Math.round(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = String(whole % 60).padStart(2, '0');
  return hours === 0 ? `${minutes}:${rest}` : `${hours}:${String(minutes).padStart(2, '0')}:${rest}`;
};

/**
 * Durations below a minute have tenths, above a minute whole seconds: 4.23 → "4.2 s" ("4,2 s" in German), 12 → "12.0 s",
 * 75 → "1 min 15 s".
 */
export const durationText = (seconds: number, language: Language): string => {
  if (Number(seconds.toFixed(1)) < 60) return `${numberText(seconds, language, 1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
};
