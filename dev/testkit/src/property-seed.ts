import fc from 'fast-check';

const given = process.env['INVIGIL_PROPERTY_SEED'];

/**
 * Property tests try the same cases in every run, so that a failure comes from the change and not from chance.
 * `INVIGIL_PROPERTY_SEED` is a number, or `random` for other cases each time.
 */
export const propertySeed = given === 'random' ? Date.now() % 2 ** 31 : Number(given ?? 1);

fc.configureGlobal({ seed: propertySeed });
