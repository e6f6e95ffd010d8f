import { untranslated } from '../page/untranslated.ts';
import type { Report } from '@invigil/protocol/report';
import { clockText, durationText } from '../page/duration-text.ts';
import { numberText } from '../page/number-text.ts';
import { evidenceTexts } from './evidence-texts.ts';
import { reportTexts } from './report-texts.ts';

const texts = reportTexts.integrity;
const { counts } = evidenceTexts;

type Row = readonly [name: string, value: string];

/** Counts that are not 0. Reports of rules before version 3 have none. */
const evidenceRowsOf = ({ integrity }: Report): Row[] => {
  const counted: (readonly [string, number | undefined])[] = [
    [counts.outOfOrder, integrity.out_of_order],
    [counts.outsideSession, integrity.outside_session],
    [counts.lateUnexplained, integrity.late_unexplained],
    [counts.withoutStorage, integrity.frames_without?.storage],
    [counts.withoutLock, integrity.frames_without?.lock],
    [counts.clock, integrity.clock_corrected?.frames],
    [counts.storeLost, integrity.store_lost?.frames],
  ];
  const lasted: (readonly [string, number | undefined])[] = [
    [counts.constant, integrity.constant_readings_s],
    [counts.repeated, integrity.repeated_readings_s],
    [counts.nearly, integrity.nearly_constant_readings_s],
  ];
  return [
    ...counted.map(([name, count = 0]) => [name, count, numberText(count)] as const),
    ...lasted.map(([name, seconds = 0]) => [name, seconds, durationText(seconds)] as const),
  ]
    .filter(([, value]) => value > 0)
    .map(([name, , text]) => [name, text]);
};

/** When a phone was the camera, from the start of the session. */
const phoneRowsOf = ({ phone_cameras: phones = [], coverage, session }: Report): Row[] => {
  const startMs = coverage?.from_ms ?? Date.parse(session.started_at);
  const clock = (at: string): string => clockText(Math.max(0, (Date.parse(at) - startMs) / 1000));
  return phones.map(({ from, to }) => [
    counts.phoneCamera,
    counts.phoneCameraTime(clock(from), to === null ? null : clock(to)),
  ]);
};

const rowsOf = (report: Report): Row[] => {
  const { integrity, rules_version: version } = report;
  return [
    [texts.frames, numberText(integrity.frames)],
    [texts.lost, numberText(integrity.frames_lost)],
    ...Object.entries(integrity.losses).map(([reason, count]): Row => [
      `… ${texts.losses[reason] ?? reason}`,
      numberText(count),
    ]),
    ...phoneRowsOf(report),
    ...evidenceRowsOf(report),
    [texts.chain, integrity.chain ?? texts.noChain],
    [texts.rules, version],
  ];
};

/** Whether all readings have arrived, and which rules analysed them. */
export const IntegrityView = ({ report }: { report: Report }) => (
  <section class="card" aria-labelledby="integrity">
    <h2 id="integrity">{texts.title}</h2>
    <dl class="numbers">
      {rowsOf(report).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd class="number" {...untranslated(value)}>
            {value}
          </dd>
        </div>
      ))}
    </dl>
    {evidenceRowsOf(report).length === 0 ? null : <p class="soft small">{counts.explain}</p>}
  </section>
);
