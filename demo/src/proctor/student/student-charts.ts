import type { GazeDirection } from '@invigil/protocol/frame';
import { proctorTexts } from '../texts/proctor-texts.ts';
import type { ChartSpec } from './trace-chart.tsx';

const texts = proctorTexts.student.series;

const degrees = (rad: number | null | undefined): number | null =>
  rad === null || rad === undefined ? null : (rad * 180) / Math.PI;

/** −1 to the student's left … 1 to their right. */
const across = (gaze: GazeDirection | null | undefined): number | null => {
  if (gaze === null || gaze === undefined) return null;
  return gaze.endsWith('left') ? -1 : gaze.endsWith('right') ? 1 : 0;
};

/** −1 down … 1 up. */
const upward = (gaze: GazeDirection | null | undefined): number | null => {
  if (gaze === null || gaze === undefined) return null;
  return gaze.startsWith('bottom') ? -1 : gaze.startsWith('top') ? 1 : 0;
};

/** The charts of one student. */
export const studentCharts: readonly ChartSpec[] = [
  {
    title: texts.head.title,
    range: [-60, 60],
    marks: [-40, 0, 40],
    unit: '°',
    lines: [
      { name: texts.head.turned, value: ({ head_yaw }) => degrees(head_yaw) },
      { name: texts.head.raised, value: ({ head_pitch }) => degrees(head_pitch) },
    ],
  },
  {
    title: texts.gaze.title,
    range: [-1.5, 1.5],
    marks: [-1, 0, 1],
    unit: '',
    lines: [
      { name: texts.gaze.across, value: ({ gaze_direction }) => across(gaze_direction) },
      { name: texts.gaze.up, value: ({ gaze_direction }) => upward(gaze_direction) },
    ],
  },
  {
    title: texts.faces.title,
    range: [0, 4],
    marks: [0, 2, 4],
    unit: '',
    lines: [{ name: texts.faces.faces, value: ({ no_of_face }) => no_of_face }],
  },
  {
    title: texts.phone.title,
    range: [0, 100],
    marks: [0, 50, 100],
    unit: '',
    lines: [
      { name: texts.phone.phone, value: ({ phone_present, phone_conf }) => (phone_present === 0 ? 0 : phone_conf) },
    ],
  },
  {
    title: texts.hands.title,
    range: [0, 4],
    marks: [0, 2, 4],
    unit: '',
    lines: [{ name: texts.hands.hands, value: ({ hand_count }) => hand_count }],
  },
];
