import { lookingAwayLimitRad } from '@invigil/protocol/rules';
import type { ReplayChartSpec } from './replay-chart.tsx';
import { replayTexts } from './replay-texts.ts';

const { charts: texts } = replayTexts;
const degrees = 180 / Math.PI;

/** The readings that observations come from. */
export const replayCharts: readonly ReplayChartSpec[] = [
  {
    title: texts.yaw,
    column: 'head_yaw',
    factor: degrees,
    range: [-90, 90],
    limits: [-lookingAwayLimitRad.yaw * degrees, lookingAwayLimitRad.yaw * degrees],
  },
  {
    title: texts.pitch,
    column: 'head_pitch',
    factor: degrees,
    range: [-60, 60],
    limits: [-lookingAwayLimitRad.down * degrees, lookingAwayLimitRad.up * degrees],
  },
  { title: texts.faces, column: 'no_of_face', factor: 1, range: [0, 3], limits: [] },
  { title: texts.phone, column: 'phone_conf', factor: 1, range: [0, 100], limits: [] },
  { title: texts.eyes, column: 'eye_open_left', factor: 100, range: [0, 100], limits: [] },
  { title: texts.mouth, column: 'mouth_open', factor: 100, range: [0, 100], limits: [] },
];
