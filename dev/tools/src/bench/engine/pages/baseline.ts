import { expose } from './bench-page.ts';

/** The pictures drawn, and nobody who reads them: what the others cost is beyond this. */
expose(null);
