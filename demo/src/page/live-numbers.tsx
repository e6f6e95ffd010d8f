import { readingRows } from '@invigil/engine/i18n';
import type { Features } from '@invigil/protocol/frame';
import { pageLanguage } from './language.ts';

/** All measurements, as they are sent. Unknown values are shown as unknown. */
export const LiveNumbers = ({ frame }: { frame: Features | null }) => (
  <dl class="numbers">
    {readingRows(frame ?? {}, pageLanguage).map(([name, value]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd class="number">
          {/* A browser's translator takes text nodes out of the page; a new element still shows the new value. */}
          <span key={value}>{value}</span>
        </dd>
      </div>
    ))}
  </dl>
);
