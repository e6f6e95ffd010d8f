/**
 * Longest time between two frames that still counts as continuous observation, milliseconds. Three times the slowest
 * documented frame interval (1 Hz): two lost frames in a row do not open a gap.
 */
export const maxFrameIntervalMs = 3000;
