// @vitest-environment happy-dom
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StoredFrame } from '@invigil/protocol/frame';
import { encodeReplay, foldFrames, makeReport, Replay } from '@invigil/protocol/report';
import type { Report, ReportObservation } from '@invigil/protocol/report';
import { currentRuleSet } from '@invigil/protocol/rules';
import type { ObservationType } from '@invigil/protocol/rules';
import { describe, expect, test, vi } from 'vitest';
import { find, rendered } from '../../testing/rendered.ts';
import { ReplayChart } from './replay-chart.tsx';
import { replayCharts } from './replay-charts.ts';
import { ReplayScene } from './replay-scene.tsx';

const startMs = Date.UTC(2026, 0, 5, 9);
const frameMs = 200;

const calm: Partial<StoredFrame> = {
  no_of_face: 1,
  face_x: 320,
  face_y: 220,
  face_w: 130,
  face_h: 170,
  face_conf: 95,
  head_yaw: 0,
  head_pitch: 0,
  phone_present: 0,
  phone_conf: 0,
};

/** What each ten seconds show; the seconds between them are calm. */
const events: readonly Partial<StoredFrame>[] = [
  { no_of_face: 0, face_x: null, face_y: null, face_w: null, face_h: null, head_yaw: null, head_pitch: null },
  { no_of_face: 2 },
  { phone_present: 1, phone_conf: 90, phone_x: 480, phone_y: 380, phone_w: 70, phone_h: 110 },
  { head_yaw: 1.2 },
];
const eventS = 10;

const framesOf = (seconds: number): StoredFrame[] =>
  Array.from({ length: (seconds * 1000) / frameMs }, (_, seq) => {
    const atS = (seq * frameMs) / 1000;
    const event = atS % (2 * eventS) >= eventS ? events[Math.floor(atS / (2 * eventS))] : undefined;
    const timestamp = startMs + seq * frameMs;
    return { frame_id: String(seq), seq, timestamp, received_at: timestamp, ...calm, ...event };
  });

const reportOf = (frames: readonly StoredFrame[]): Report =>
  makeReport(foldFrames(frames), {
    session: {
      session_id: 'session-1',
      exam_id: 'physics',
      member_id: 'ada',
      status: 'ended',
      started_at: new Date(startMs).toISOString(),
      ended_at: new Date(startMs + frames.length * frameMs).toISOString(),
    },
    integrity: { frames_lost: 0, losses: {}, chain: 'abc' },
    endMs: null,
    set: currentRuleSet,
    accommodations: [],
    weights: null,
  });

interface Drawn {
  observed: boolean;
  faces: number;
  others: number;
  phone: boolean;
  nose: number;
}

/** What the scene of one frame shows. */
const drawn = async (replay: Replay, index: number): Promise<Drawn> => {
  const place = await rendered(<ReplayScene replay={replay} index={index} />);
  const { observed, faces, phone } = find(place, 'svg').dataset;
  const nose = place.querySelector('.nose');
  const [from, to] = ['x1', 'x2'].map((name) => Number(nose?.getAttribute(name) ?? 0));
  return {
    observed: observed === 'true',
    faces: Number(faces),
    others: place.querySelectorAll('.other-faces ellipse').length,
    phone: phone === 'true',
    nose: Math.abs((to ?? 0) - (from ?? 0)),
  };
};

/** Whether the scene shows what an observation of the type says; null: a scene cannot show that. */
const showsIt = (type: ObservationType, { observed, faces, others, phone, nose }: Drawn): boolean | null => {
  if (type === 'face_absent') return faces === 0;
  if (type === 'multiple_faces') return faces > 1 && others === faces - 1;
  if (type === 'phone_visible') return phone;
  if (type === 'camera_obstructed' || type === 'camera_frozen') return !observed;
  return type === 'looking_away' ? nose > 20 : null;
};

/** The observations whose strongest frame the scene draws as something else. */
const wronglyDrawn = async (frames: readonly StoredFrame[], report: Report): Promise<string[]> => {
  const replay = new Replay(startMs, encodeReplay(frames, startMs));
  const timeOf = new Map(frames.map(({ frame_id: id, timestamp }) => [id, timestamp]));
  const wrong: string[] = [];
  for (const { id, type, evidence } of report.observations) {
    const at = (timeOf.get(evidence.strongest) ?? 0) - startMs;
    if (showsIt(type, await drawn(replay, replay.indexAt(at))) === false) wrong.push(id);
  }
  return wrong;
};

describe('the scene of a replay', () => {
  test('shows at each observation’s time what the observation says', async () => {
    const frames = framesOf(events.length * 2 * eventS);
    const report = reportOf(frames);
    expect(new Set(report.observations.map(({ type }) => type))).toEqual(
      new Set(['face_absent', 'multiple_faces', 'phone_visible', 'looking_away']),
    );
    expect(await wronglyDrawn(frames, report)).toEqual([]);
    const replay = new Replay(startMs, encodeReplay(frames, startMs));
    expect(await drawn(replay, 0)).toEqual({ observed: true, faces: 1, others: 0, phone: false, nose: 0 });
  });

  /** `npm run rehearse -- --out FOLDER`, then `REHEARSAL=FOLDER npx vitest run --project demo replay-scene`. */
  const folder = process.env['REHEARSAL'] ?? '';
  const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));
  test.runIf(existsSync(join(folder, 'report.json')))('shows a rehearsal’s observations', async () => {
    const report = read('report.json') as Report;
    const { frames } = read('dump.json') as { frames: StoredFrame[] };
    const shown = report.observations.map(({ type }: ReportObservation) => type);
    console.log(`${frames.length} frames: ${shown.join(', ')}`);
    expect(shown).not.toEqual([]);
    expect(await wronglyDrawn(frames, report)).toEqual([]);
  });

  test('draws with dashes what has no measured place, and nothing that was not seen', async () => {
    const { face_x: _x, face_y: _y, face_w: _w, face_h: _h, ...readings } = calm;
    const frame = { frame_id: '0', seq: 0, timestamp: startMs, received_at: startMs, ...readings };
    const replay = new Replay(startMs, encodeReplay([{ ...frame, phone_present: 1 }], startMs));
    const place = await rendered(<ReplayScene replay={replay} index={0} />);
    expect(place.querySelectorAll('.skull.unknown, .phone .unknown')).toHaveLength(2);
    expect(place.querySelector('.hand')).toBeNull();
  });

  test('needs as much work in three hours as in ten minutes', async () => {
    const reads = async (minutes: number): Promise<number> => {
      const frames = framesOf(minutes * 60);
      const replay = new Replay(startMs, encodeReplay(frames, startMs));
      const values = vi.spyOn(replay, 'value');
      const times = vi.spyOn(replay, 'timeMs');
      const timeMs = minutes * 30_000;
      await rendered(
        <>
          <ReplayScene replay={replay} index={replay.indexAt(timeMs)} />
          {replayCharts.map((spec) => (
            <ReplayChart key={spec.column} spec={spec} replay={replay} timeMs={timeMs} observations={[]} />
          ))}
        </>,
      );
      return values.mock.calls.length + times.mock.calls.length;
    };
    const [short, long] = [await reads(10), await reads(180)];
    expect(long).toBeLessThan(short * 1.1);
    expect(long).toBeLessThan(5000);
  });
});
