/**
 * Limits of the phone search, chosen by `npm run calibrate` on images that no model was trained on and no figure in the docs is
 * measured with: 293 with a phone, 317 of people without one (groups `pp`, `phone_jpg`, `rahul` and half of `iewel`).
 */

/** The search's score counts once and the closer look's twice: the mean that separates phones from other things best. */
const lookWeight = 2;
/** Agreement from which there is a phone: at most 1 % of images without one reach it. */
export const minAgreement = 0.35;
/** A phone that was there stays while the closer look sees it at this score. */
export const keepLook = 0.2;
/** Side of the square of the closer look, in sides of the suspect's box. */
export const lookSides = 1.7;

/** How far both models agree, 0–1. */
export const agreement = (search: number, look: number): number => (search + lookWeight * look) / (1 + lookWeight);
