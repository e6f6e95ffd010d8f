import { pageLocale } from './language.ts';

/** "10:42". @param ms Unix epoch, milliseconds */
export const timeOfDayText = (ms: number): string =>
  new Date(ms).toLocaleTimeString(pageLocale, { hour: 'numeric', minute: '2-digit' });

/** "28 Nov 2026, 10:42", for tables. @param at ISO 8601 */
export const shortMomentText = (at: string): string =>
  new Date(at).toLocaleString(pageLocale, { dateStyle: 'medium', timeStyle: 'short' });

/** "28 November 2026, 10:42". @param at ISO 8601 */
export const momentText = (at: string): string =>
  new Date(at).toLocaleString(pageLocale, { dateStyle: 'long', timeStyle: 'short' });
