import type { Features } from '@invigil/protocol';

/** What was read from one image: a feature frame before it is given a session, a number and a time. */
export type FeatureReadings = Features;
