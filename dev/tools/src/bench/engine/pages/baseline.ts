import { expose } from './bench-page.ts';

/** Draws the images without reading them: the base cost that is subtracted from the others. */
expose(null);
