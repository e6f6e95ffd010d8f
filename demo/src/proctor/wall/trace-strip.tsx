import { proctorTexts } from '../texts/proctor-texts.ts';
import { runsOf, traceSeconds } from '../watch/trace.ts';
import type { Trace } from '../watch/trace.ts';

/** The last minute, one cell per second. Kinds differ in height as well as in colour. */
export const TraceStrip = ({ trace }: { trace: Trace }) => (
  <svg
    class="strip"
    viewBox={`0 0 ${traceSeconds} 8`}
    preserveAspectRatio="none"
    role="img"
    aria-label={proctorTexts.wall.strip}
  >
    {runsOf(trace.cells).map(({ cell, from, length }) =>
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
