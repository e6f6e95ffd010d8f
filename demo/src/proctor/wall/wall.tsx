import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { ExamWatch } from '../watch/exam-watch.ts';
import { proctorTexts } from '../texts/proctor-texts.ts';
import { SeatTile } from './seat-tile.tsx';
import type { Seat } from '../watch/seat.ts';
import { useWallRange } from './use-wall-range.ts';
import { heightPxOf, placeOf, stepOf } from './wall-grid.ts';
import './wall.css';

const texts = proctorTexts.wall;

/** More would make one long task of a jump through the wall; the others follow in the next animation frames. */
const newTilesAtATime = 6;

interface WallProps {
  watch: ExamWatch;
  open: (seat: Seat) => void;
}

/** All students in order. Only tiles on the screen (and the one with the focus) exist, and only their readings are asked for. */
export const Wall = ({ watch, open }: WallProps) => {
  const place = useRef<HTMLUListElement>(null);
  const seats = watch.ordered.value;
  const view = useWallRange(place, seats.length).value;
  const activeKey = useSignal<string | null>(null);
  /** Set by keys alone: a tile that moves or is drawn must not take the focus by itself. */
  const focusKey = useRef<string | null>(null);
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

  useLayoutEffect(() => {
    const key = focusKey.current;
    if (key === null) return;
    focusKey.current = null;
    const button = place.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
    button?.focus({ preventScroll: true });
    button?.closest('li')?.scrollIntoView({ block: 'nearest' });
  });

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
    focusKey.current = next.key;
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

/** Those of `keys` that are drawn now: what was drawn before, and a few more with each animation frame. */
const useDrawnKeys = (keys: readonly string[]): ReadonlySet<string> => {
  const before = useRef<ReadonlySet<string>>(new Set());
  const turn = useSignal(0);
  // Reading it draws again when the turn comes.
  void turn.value;
  const fresh = keys.filter((key) => !before.current.has(key)).slice(0, newTilesAtATime);
  const drawn = new Set([...keys.filter((key) => before.current.has(key)), ...fresh]);
  useEffect(() => {
    before.current = drawn;
    if (drawn.size === keys.length) return undefined;
    const frame = requestAnimationFrame(() => (turn.value += 1));
    return () => cancelAnimationFrame(frame);
  });
  return drawn;
};
