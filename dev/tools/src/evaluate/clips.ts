import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Features } from '@invigil/protocol/frame';
import { observationsOf, startSession, stepSession } from '@invigil/protocol/report';
import { currentRuleSet } from '@invigil/protocol/rules';

/** The events of a clip, from `VIDEO_EVENTS.tsv`. */
export interface ClipEvent {
  type: string;
  fromS: number;
  toS: number;
  isSure: boolean;
}

export interface Clip {
  file: string;
  durationS: number;
  events: ClipEvent[];
}

/** Readings of one frame of a clip. */
export interface ClipFrame {
  atMs: number;
  readings: Features;
}

export interface ClipScore {
  file: string;
  durationS: number;
  sure: number;
  found: number;
  falseObservations: { type: string; fromS: number; toS: number; confidence: number }[];
}

/** Types that the clips are labelled for; all others are left out. */
const labelled = new Set(['face_absent', 'multiple_faces', 'phone_visible', 'camera_obstructed', 'camera_frozen']);
/** Boundaries of events were set by eye. */
const toleranceS = 2;

/** @returns null when the folder holds no clips. */
export const readClips = async (folder: string): Promise<Clip[] | null> => {
  const text = await readFile(join(folder, 'VIDEO_EVENTS.tsv'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return null;
  const clips = new Map<string, Clip>();
  for (const line of text.split(/\r?\n/u).slice(1)) {
    const [file = '', from = '', to = '', type = '', certainty = ''] = line.split('\t');
    if (file === '') continue;
    const clip = clips.get(file) ?? { file, durationS: 0, events: [] };
    clips.set(file, clip);
    if (type === 'clip') clip.durationS = Number(to);
    else clip.events.push({ type, fromS: Number(from), toS: Number(to), isSure: certainty === 'sure' });
  }
  return [...clips.values()];
};

/** Runs the current rules over a clip's readings and compares the observations with its events. */
export const scoreClip = ({ file, durationS, events }: Clip, frames: readonly ClipFrame[]): ClipScore => {
  let state = startSession();
  frames.forEach(({ atMs, readings }, i) => {
    [state] = stepSession(state, { ...readings, frame_id: String(i), timestamp: atMs }, currentRuleSet);
  });
  const observations = observationsOf(state, currentRuleSet)
    .filter(({ type }) => labelled.has(type))
    .map(({ type, from_ms, to_ms, confidence }) => ({ type, fromS: from_ms / 1000, toS: to_ms / 1000, confidence }));
  const meets = (event: ClipEvent, seen: { type: string; fromS: number; toS: number }): boolean =>
    event.type === seen.type && seen.fromS <= event.toS + toleranceS && seen.toS >= event.fromS - toleranceS;
  const sure = events.filter(({ type, isSure }) => isSure && labelled.has(type));
  return {
    file,
    durationS,
    sure: sure.length,
    found: sure.filter((event) => observations.some((seen) => meets(event, seen))).length,
    falseObservations: observations.filter((seen) => !events.some((event) => meets(event, seen))),
  };
};

/** Lines for people: events found, and false observations with their rate. */
export const clipText = (scores: readonly ClipScore[]): string => {
  const hours = scores.reduce((sum, { durationS }) => sum + durationS, 0) / 3600;
  const wrong = scores.flatMap(({ falseObservations }) => falseObservations).length;
  const [sure, found] = [scores.reduce((sum, s) => sum + s.sure, 0), scores.reduce((sum, s) => sum + s.found, 0)];
  const rows = scores.map(({ file, durationS, sure: of, found: got, falseObservations }) => {
    const text = falseObservations.map(({ type, fromS, toS }) => `${type} ${fromS.toFixed(1)}–${toS.toFixed(1)} s`);
    return `| ${file} | ${durationS.toFixed(1)} s | ${of === 0 ? '–' : `${got} of ${of}`} | ${text.join(', ')} |`;
  });
  return [
    '| clip | length | sure events found | false observations |',
    '|---|---|---|---|',
    ...rows,
    '',
    `${found} of ${sure} sure events found; ${wrong} false observations in ${(hours * 60).toFixed(1)} minutes, ${(wrong / hours).toFixed(1)} an hour.`,
  ].join('\n');
};
