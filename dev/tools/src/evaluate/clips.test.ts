import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { clipText, readClips, scoreClip } from './clips.ts';
import type { Clip, ClipFrame } from './clips.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'invigil-clips-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Five frames a second. */
const frames = (seconds: number, readings: (atS: number) => ClipFrame['readings']): ClipFrame[] =>
  Array.from({ length: seconds * 5 }, (_, i) => ({ atMs: i * 200, readings: readings(i / 5) }));
const calm = { no_of_face: 1, face_present: 1, phone_present: 0, image_obstructed: 0, image_frozen: 0 } as const;

describe('clips', () => {
  test('are read with their length and events', async () => {
    const lines = [
      'file\tstart_s\tend_s\tevent\tcertainty\tnote',
      'a.mp4\t0\t12.5\tclip\tsure\tx',
      'a.mp4\t2\t4\tphone_visible\tlikely\t',
    ];
    await writeFile(join(folder, 'VIDEO_EVENTS.tsv'), lines.join('\n'));
    expect(await readClips(folder)).toEqual([
      { file: 'a.mp4', durationS: 12.5, events: [{ type: 'phone_visible', fromS: 2, toS: 4, isSure: false }] },
    ]);
  });

  test('a folder without clips has none', async () => {
    expect(await readClips(folder)).toBeNull();
  });

  test('an event that is observed is found, and an observation without one is false', () => {
    const clip: Clip = {
      file: 'a',
      durationS: 30,
      events: [{ type: 'phone_visible', fromS: 5, toS: 10, isSure: true }],
    };
    const seen = frames(30, (atS) => ({
      ...calm,
      ...(atS >= 5 && atS < 10 ? { phone_present: 1 as const, phone_conf: 80 } : {}),
      ...(atS >= 20 && atS < 25 ? { no_of_face: 2 } : {}),
    }));
    expect(scoreClip(clip, seen)).toMatchObject({
      sure: 1,
      found: 1,
      falseObservations: [{ type: 'multiple_faces', fromS: 20 }],
    });
  });

  test('a likely event neither counts as missed nor makes an observation false', () => {
    const clip: Clip = {
      file: 'a',
      durationS: 20,
      events: [{ type: 'multiple_faces', fromS: 5, toS: 10, isSure: false }],
    };
    expect(
      scoreClip(
        clip,
        frames(20, () => calm),
      ),
    ).toMatchObject({ sure: 0, found: 0, falseObservations: [] });
    const twoFaces = frames(20, (atS) => ({ ...calm, no_of_face: atS >= 5 && atS < 10 ? 2 : 1 }));
    expect(scoreClip(clip, twoFaces).falseObservations).toEqual([]);
  });

  test('the rate is per hour of video', () => {
    const falseObservations = [{ type: 'phone_visible', fromS: 1, toS: 3, confidence: 0.5 }];
    const text = clipText([{ file: 'a', durationS: 360, sure: 0, found: 0, falseObservations }]);
    expect(text).toContain('1 false observations in 6.0 minutes, 10.0 an hour');
  });
});
