/**
 * Longest time between two frames that still counts as continuous observation, milliseconds. Three times the longest documented frame
 * interval (1 s), so that two lost frames in a row do not open a gap.
 */
export const maxFrameIntervalMs = 3000;
