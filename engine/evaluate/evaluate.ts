import { createPerception } from '../src/worker/perception-client.ts';
import type { FeatureReadings } from '../src/perception/feature-readings.ts';
import type { EngineFacts } from '../src/worker/perception.ts';

/** What the evaluation script calls in this page. */
declare global {
  interface Window {
    loadEngine(): Promise<EngineFacts>;
    readPicture(url: string): Promise<FeatureReadings>;
  }
}

const backend = new URLSearchParams(location.search).get('backend') === 'webgl' ? 'webgl' : 'auto';
const perception = createPerception({ modelsUrl: '/models/', backend });

window.loadEngine = () => perception.load(() => {});

window.readPicture = async (url) => {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return perception.readStill(await createImageBitmap(await response.blob()));
};
