import { readingRows } from '@invigil/engine/i18n';
import type { Features } from '@invigil/protocol/frame';
import { pageLanguage } from './language.ts';
import { NumberList } from './number-list.tsx';

/** All measurements, as they are sent. Unknown values are shown as unknown. */
export const LiveNumbers = ({ frame }: { frame: Features | null }) => (
  <NumberList class="numbers" rows={readingRows(frame ?? {}, pageLanguage)} />
);
