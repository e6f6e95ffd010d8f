import { createPerception } from '@invigil/engine/testing/perception';
import type { EngineFacts, FeatureReadings } from '@invigil/engine/testing/perception';

/** What the evaluation script calls in this page. */
declare global {
  interface Window {
    loadEngine(): Promise<EngineFacts>;
    readPicture(url: string): Promise<FeatureReadings>;
  }
}

const backend = new URLSearchParams(location.search).get('backend') === 'webgl' ? 'webgl' : 'auto';
/** A picture by itself runs every detector on every tile, and a measuring machine may be busy. */
const limits = { loadSilenceMs: 120_000, firstReadsMs: 120_000, readMs: 60_000 };
const perception = createPerception({ modelsUrl: '/models/', backend }, { limits });

window.loadEngine = () => perception.load(() => {});

window.readPicture = async (url) => {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return perception.readStill(await createImageBitmap(await response.blob()));
};
