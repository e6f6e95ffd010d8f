import type { Report } from '@invigil/protocol';
import { reportTexts } from './report-texts.ts';

const texts = reportTexts.usual;

const degreesOf = (rad: number | null | undefined): number | null =>
  rad === null || rad === undefined ? null : (rad * 180) / Math.PI;
const text = (value: number | null, digits = 0): string =>
  value === null ? reportTexts.facts.unknown : `${value.toFixed(digits)}°`;

interface Row {
  name: string;
  usual: number | null;
  calibrated: number | null;
}

const rowsOf = ({ usual, calibration }: Report): Row[] => [
  { name: texts.turned, usual: degreesOf(usual.head_yaw), calibrated: degreesOf(calibration?.head_yaw) },
  { name: texts.raised, usual: degreesOf(usual.head_pitch), calibrated: degreesOf(calibration?.head_pitch) },
];

const Comparison = ({ rows }: { rows: readonly Row[] }) => (
  <div class="table" role="region" aria-label={`${texts.usually} – ${texts.calibrated}`} tabIndex={0}>
    <table>
      <thead>
        <tr>
          <th scope="col">{texts.reading}</th>
          <th scope="col" class="end">
            {texts.usually}
          </th>
          <th scope="col" class="end">
            {texts.calibrated}
          </th>
          <th scope="col" class="end">
            {texts.difference}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, usual, calibrated }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td class="number end">{text(usual)}</td>
            <td class="number end">{text(calibrated)}</td>
            <td class="number end">
              {text(usual === null || calibrated === null ? null : Math.abs(usual - calibrated))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

const outcomeText = ({ calibration }: Report): string => {
  if (calibration === undefined) return texts.notTried;
  const degrees = calibration.error_deg === null ? reportTexts.facts.unknown : `${calibration.error_deg.toFixed(1)}°`;
  return texts.outcomes[calibration.state](degrees);
};

/** How the student usually sat, beside how they sat while gaze was calibrated: the same posture, or another one. */
export const UsualView = ({ report }: { report: Report }) => (
  <section class="card" aria-labelledby="usual" data-testid="usual">
    <h2 id="usual">{texts.title}</h2>
    <p>{outcomeText(report)}</p>
    <Comparison rows={rowsOf(report)} />
    <p class="soft small">{texts.text}</p>
  </section>
);
