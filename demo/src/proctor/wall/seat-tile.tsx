import type { Features } from '@invigil/protocol/frame';
import { computed, signal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { NumberList } from '../../page/number-list.tsx';
import type { ExamWatch } from '../watch/exam-watch.ts';
import { noReadings } from '../watch/live-readings.ts';
import { proctorTexts } from '../texts/proctor-texts.ts';
import { needOf } from '../watch/seat-order.ts';
import { coverageText, deliveryOf, observedText } from './seat-status.ts';
import type { Seat } from '../watch/seat.ts';
import { TraceStrip } from './trace-strip.tsx';
import './tile.css';

const texts = proctorTexts.wall;

const nothing = signal(noReadings);

const degrees = (rad: number | null | undefined): string =>
  rad === null || rad === undefined ? texts.unknown : `${Math.round((rad * 180) / Math.PI)}°`;

const phoneText = (flag: number | null | undefined): string =>
  flag === null || flag === undefined ? texts.phone.unknown : flag === 1 ? texts.phone.yes : texts.phone.no;

const numbersOf = (features: Features): readonly (readonly [string, string])[] => [
  [texts.numbers.faces, String(features.no_of_face ?? texts.unknown)],
  [texts.numbers.head, `${degrees(features.head_yaw)} ${degrees(features.head_pitch)}`],
  [
    texts.numbers.gaze,
    features.gaze_direction === null || features.gaze_direction === undefined
      ? texts.unknown
      : texts.gaze[features.gaze_direction],
  ],
  [texts.numbers.phone, phoneText(features.phone_present)],
];

const Numbers = ({ features }: { features: Features }) => (
  <NumberList class="tile-numbers" rows={numbersOf(features)} />
);

interface SeatTileProps {
  watch: ExamWatch;
  seat: Seat;
  /** The tile that Tab reaches; arrow keys move from it to the others. */
  isActive: boolean;
  open: (seat: Seat) => void;
}

/** One student at a glance. */
export const SeatTile = ({ watch, seat, isActive, open }: SeatTileProps) => {
  const { sessionId } = seat;
  const live = (sessionId === null ? nothing : watch.readings.of(sessionId)).value;
  const delivery = useDelivery(watch, seat);
  const observed = (seat.isPresent ? observedText(live) : null) ?? texts.unknown;
  const coverage = coverageText(live.coverage ?? seat.coverage ?? null);
  const alerts = sessionId === null ? 0 : (watch.alerts.bySession.value.get(sessionId)?.count ?? 0);
  return (
    <article
      class="tile"
      data-need={needOf(seat, alerts, sessionId !== null && watch.unseen.value.has(sessionId))}
      data-delivery={delivery.kind}
    >
      <h3>
        <button
          type="button"
          data-key={seat.key}
          tabIndex={isActive ? 0 : -1}
          aria-haspopup="dialog"
          translate={false}
          onClick={() => open(seat)}
        >
          {seat.name}
        </button>
      </h3>
      <p class="tile-state">
        {alerts === 0 ? null : (
          <strong key={`alerts ${alerts}`} class="tile-alerts">
            {texts.alerts(alerts)}
          </strong>
        )}
        <span key={delivery.text} class="soft">
          {delivery.text}
        </span>
        {seat.hasPhoneCamera === true ? <span class="soft">{texts.phoneCamera}</span> : null}
        {seat.pageViolations === 0 ? null : (
          <span key={`page ${seat.pageViolations}`} class="soft">
            {texts.page(seat.pageViolations)}
          </span>
        )}
      </p>
      <div class="tile-body">
        {live.thumbnail === null || !seat.isPresent ? null : (
          <img src={`data:image/jpeg;base64,${live.thumbnail}`} alt={proctorTexts.student.thumbnail(seat.name)} />
        )}
        {/* The status of a disconnected student is unknown. */}
        <Numbers features={seat.isPresent ? (live.features ?? {}) : {}} />
      </div>
      <p key={`observed ${observed}`} class="tile-observed small">
        {observed}
      </p>
      <TraceStrip minute={live.minute} />
      <p key={`coverage ${coverage}`} class="soft tile-coverage">
        {coverage}
      </p>
    </article>
  );
};

/** Rendered only when its content changes, not at each tick of the clock. */
const useDelivery = (watch: ExamWatch, seat: Seat) => {
  const said = useMemo(
    () =>
      computed(() => {
        const { kind, text } = deliveryOf(watch, seat);
        return `${kind}|${text}`;
      }),
    [watch, seat],
  );
  const [kind = '', text = ''] = said.value.split('|');
  return { kind, text };
};
