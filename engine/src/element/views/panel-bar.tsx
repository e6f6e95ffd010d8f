import { clockText } from '../../i18n/duration-text.ts';
import type { ExamTime } from '../notice/exam-time.ts';
import type { ElementTexts } from '../texts/element-texts.ts';
import { Live } from './live.tsx';

interface PanelBarProps {
  text: string;
  kind: 'calm' | 'wait' | 'hollow';
  time: ExamTime;
  texts: ElementTexts['panel'];
  isExpanded: boolean;
  onToggle: () => void;
}

/** The panel in one line, where there is little room. Screen readers get the whole panel instead, which is only hidden from view. */
export const PanelBar = ({ text, kind, time, texts, isExpanded, onToggle }: PanelBarProps) => (
  <div part="bar" class="bar" data-testid="bar">
    <span class={`bar-status ${kind}`} aria-hidden="true">
      <span class="dot" />
      <Live class="bar-text" text={text} />
    </span>
    <span class="number small" aria-hidden="true" translate={false}>
      <Live text={clockText(time.seconds)} />
    </span>
    <button
      part="button"
      class="quiet small"
      type="button"
      aria-expanded={isExpanded}
      data-testid="bar-toggle"
      onClick={onToggle}
    >
      {isExpanded ? texts.less : texts.more}
    </button>
  </div>
);
