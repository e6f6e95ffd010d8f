/**
 * Limits of the phone search, chosen by `npm run calibrate` on images that were used neither for training nor for the
 * figures in the docs: 293 with a phone, 317 of people without one (groups `pp`, `phone_jpg`, `rahul` and half of
 * `iewel`).
 */

/** The search's score counts once and the close-up score twice: this mean separates phones from other objects best. */
const lookWeight = 2;
/** Minimum agreement for a phone: at most 1 % of images without one reach it. */
export const minAgreement = 0.35;
/** A known phone is kept while the close-up score is at least this. */
export const keepLook = 0.2;
/** Side of the close-up square, in sides of the suspect's box. */
export const lookSides = 1.7;

/** How far both models agree, 0–1. */
export const agreement = (search: number, look: number): number => (search + lookWeight * look) / (1 + lookWeight);
