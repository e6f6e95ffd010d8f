import { minuteCells, minuteSeconds } from '@invigil/protocol/frame';
import type { RecentMinute } from '@invigil/protocol/frame';
import { proctorTexts } from '../texts/proctor-texts.ts';
import { minuteRuns } from './minute-runs.ts';

/** The last minute, one cell per second. Kinds differ in height as well as in colour. */
export const TraceStrip = ({ minute }: { minute: RecentMinute }) => (
  <svg
    class="strip"
    viewBox={`0 0 ${minuteSeconds} 8`}
    preserveAspectRatio="none"
    role="img"
    aria-label={proctorTexts.wall.strip}
  >
    {minuteRuns(minuteCells(minute)).map(({ cell, from, length }) =>
      cell === 'empty' ? null : (
        <rect
          key={from}
          class={cell}
          x={from}
          width={length}
          y={cell === 'notable' ? 0 : cell === 'observed' ? 3 : 6}
          height={cell === 'notable' ? 8 : cell === 'observed' ? 5 : 2}
        />
      ),
    )}
  </svg>
);
