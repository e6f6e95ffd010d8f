import type { MissingPart } from '../../proctor/missing-part.ts';
import type { Noted } from './session-view.ts';

/** What the panel shows again after a reload. */
export interface PanelMemory {
  /** Start of the session in this tab, Unix epoch, milliseconds. */
  sinceMs: number | null;
  /** What the session runs without. */
  without: MissingPart | null;
  noted: readonly Noted[];
  /** Id of the last message that the student has dismissed. */
  lastReadMessage: string | null;
}

const keyOf = (sessionId: string): string => `invigil-panel:${sessionId}`;
const nothing: PanelMemory = { sinceMs: null, without: null, noted: [], lastReadMessage: null };

/** Kept in the tab. A page without storage starts its panel again after a reload; the report has everything in any case. */
export const panelMemory = {
  get: (sessionId: string): PanelMemory => {
    try {
      const kept = JSON.parse(sessionStorage.getItem(keyOf(sessionId)) ?? 'null') as Partial<PanelMemory> | null;
      const { sinceMs, without, noted, lastReadMessage } = kept ?? nothing;
      return {
        sinceMs: typeof sinceMs === 'number' ? sinceMs : null,
        without: without === 'camera' || without === 'image_analysis' ? without : null,
        noted: Array.isArray(noted) ? noted.map((entry) => ({ ...entry, running: false })) : [],
        lastReadMessage: typeof lastReadMessage === 'string' ? lastReadMessage : null,
      };
    } catch {
      return nothing;
    }
  },
  set: (sessionId: string, memory: PanelMemory): void => {
    try {
      sessionStorage.setItem(keyOf(sessionId), JSON.stringify(memory));
    } catch {
      // No storage, or it is full.
    }
  },
};
