/**
 * When a replica counts as dead. Two uses need two timeouts:
 *
 * - In the records (classroom agents, exam attendance), wrongly removing a connection is visible to students and teachers. A replica
 *   has 30 s, as documented, measured by the observer's own clock.
 * - In the lists that live on the bus only (sentinels, watchers, alert connections), a stale entry is cheap and so is a missing one: the
 *   next beat restores it. A replica has 7 s.
 */
export const recordBeatMs = 5000;
export const recordSilenceMs = 30_000;
export const rosterBeatMs = 2000;
export const rosterSilenceMs = 7000;
