import type { Report } from '@invigil/protocol/report';
import { numberText } from '../page/number-text.ts';
import { reportTexts } from './report-texts.ts';

const texts = reportTexts.baseline;

/** Whole degrees, so that the difference matches the displayed numbers. */
const degreesOf = (rad: number | null | undefined): number | null =>
  rad === null || rad === undefined ? null : Math.round((rad * 180) / Math.PI);
const text = (value: number | null): string => (value === null ? reportTexts.facts.unknown : `${numberText(value)}°`);

/** One line of the table: the head turned and raised, in degrees. */
interface Row {
  name: string;
  turnedDeg: number | null;
  raisedDeg: number | null;
}

const differenceOf = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? null : Math.abs(a - b);

/** The rows with at least one known value. */
const rowsOf = ({ usual, calibration }: Report): Row[] => {
  const usually = { turnedDeg: degreesOf(usual.head_yaw), raisedDeg: degreesOf(usual.head_pitch) };
  const calibrated = { turnedDeg: degreesOf(calibration?.head_yaw), raisedDeg: degreesOf(calibration?.head_pitch) };
  return [
    { name: texts.usually, ...usually },
    { name: texts.calibrated, ...calibrated },
    {
      name: texts.difference,
      turnedDeg: differenceOf(usually.turnedDeg, calibrated.turnedDeg),
      raisedDeg: differenceOf(usually.raisedDeg, calibrated.raisedDeg),
    },
  ].filter(({ turnedDeg, raisedDeg }) => turnedDeg !== null || raisedDeg !== null);
};

const Comparison = ({ rows }: { rows: readonly Row[] }) => (
  <div class="table" role="region" aria-label={texts.reading} tabIndex={0}>
    <table>
      <thead>
        <tr>
          <th scope="col">{texts.reading}</th>
          <th scope="col" class="end">
            {texts.turned}
          </th>
          <th scope="col" class="end">
            {texts.raised}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, turnedDeg, raisedDeg }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td class="number end" translate={false}>
              {text(turnedDeg)}
            </td>
            <td class="number end" translate={false}>
              {text(raisedDeg)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

const outcomeText = ({ calibration }: Report): string => {
  if (calibration === undefined) return texts.notTried;
  const degrees =
    calibration.error_deg === null ? reportTexts.facts.unknown : `${numberText(calibration.error_deg, 1)}°`;
  return texts.outcomes[calibration.state](degrees);
};

/** The student's baseline, compared with the posture during gaze calibration. */
export const BaselineView = ({ report }: { report: Report }) => {
  const rows = rowsOf(report);
  return (
    <section class="card" aria-labelledby="baseline" data-testid="baseline">
      <h2 id="baseline">{texts.title}</h2>
      <p>{outcomeText(report)}</p>
      {rows.length === 0 ? <p class="soft">{texts.nothing}</p> : <Comparison rows={rows} />}
      {rows.length === 0 ? null : <p class="soft small">{texts.text}</p>}
    </section>
  );
};
