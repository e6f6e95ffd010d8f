import { signal } from '@preact/signals';
import { tabStorage } from '../../page/tab-storage.ts';
import { densities } from './wall-grid.ts';
import type { WallDensity } from './wall-grid.ts';

const storageKey = 'invigil-wall-density';

/** How much of each student the wall shows. Kept across reloads of this tab. */
export const wallDensity = signal<WallDensity>(
  densities.find((density) => density === tabStorage.get(storageKey)) ?? 'tiles',
);

export const chooseDensity = (density: WallDensity): void => {
  tabStorage.set(storageKey, density);
  wallDensity.value = density;
};
