import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { ExamWatch } from '../watch/exam-watch.ts';
import { proctorTexts } from '../texts/proctor-texts.ts';
import { SeatTile } from './seat-tile.tsx';
import type { Seat } from '../watch/seat.ts';
import { useDrawnKeys } from './use-drawn-keys.ts';
import { useTileFocus } from './use-tile-focus.ts';
import { useWallRange } from './use-wall-range.ts';
import { wallDensity } from './wall-density.ts';
import { heightPxOf, placeOf, stepOf } from './wall-grid.ts';
import './wall.css';

const texts = proctorTexts.wall;

interface WallProps {
  watch: ExamWatch;
  open: (seat: Seat) => void;
}

/** All students in order. Only tiles on the screen (and the one with the focus) exist, and the page requests only their readings. */
export const Wall = ({ watch, open }: WallProps) => {
  const place = useRef<HTMLUListElement>(null);
  const seats = watch.ordered.value;
  const density = wallDensity.value;
  const view = useWallRange(place, seats.length, density).value;
  const activeKey = useSignal<string | null>(null);
  const focusTile = useTileFocus(place);
  const found = seats.findIndex(({ key }) => key === activeKey.value);
  const active = found === -1 ? 0 : found;

  const shown =
    view === null
      ? []
      : seats
          .map((seat, index) => ({ seat, index }))
          .filter(({ index }) => (index >= view.range.from && index < view.range.to) || index === active);
  const drawn = useDrawnKeys(shown.map(({ seat }) => seat.key));
  const sessions = shown.flatMap(({ seat }) => (seat.sessionId === null ? [] : [seat.sessionId])).join(' ');
  useEffect(() => watch.show(sessions === '' ? [] : sessions.split(' ')), [sessions]);

  const pressed = (event: KeyboardEvent): void => {
    if (view === null || event.ctrlKey || event.metaKey || event.altKey) return;
    const seat = seats[active];
    if (event.key === 'a' && seat !== undefined) {
      for (const [alertId, { sessionId }] of watch.alerts.board.peek().open) {
        if (sessionId === seat.sessionId) watch.alerts.acknowledge(alertId);
      }
      return;
    }
    const { columns, tileHeightPx } = view.grid;
    const to = stepOf(event.key, columns, seats.length, active, Math.floor(window.innerHeight / tileHeightPx));
    const next = to === null ? undefined : seats[to];
    if (next === undefined) return;
    event.preventDefault();
    focusTile(next.key);
    activeKey.value = next.key;
  };

  return (
    <>
      <p class="soft small" id="wall-keys">
        {texts.keys}
      </p>
      {seats.length > 0 ? null : <p>{watch.seats.value.length === 0 ? texts.none : texts.noneFits}</p>}
      <ul
        ref={place}
        class="wall"
        data-density={density}
        aria-label={texts.list}
        aria-describedby="wall-keys"
        data-seats={seats.length}
        style={{ height: view === null ? 'auto' : `${heightPxOf(view.grid, seats.length)}px` }}
        onKeyDown={pressed}
      >
        {view === null
          ? null
          : shown
              .filter(({ seat }) => drawn.has(seat.key))
              .map(({ seat, index }) => (
                <li
                  key={seat.key}
                  style={placeOf(view.grid, index)}
                  aria-setsize={seats.length}
                  aria-posinset={index + 1}
                  onFocusIn={() => (activeKey.value = seat.key)}
                >
                  <SeatTile watch={watch} seat={seat} isActive={index === active} open={open} />
                </li>
              ))}
      </ul>
    </>
  );
};
