/** One binary outcome, and the scene that it comes from. */
export interface Outcome {
  isHit: boolean;
  scene: string;
}

export interface Share {
  n: number;
  scenes: number;
  /** 0–1; null without any outcome. */
  share: number | null;
  /** 95 % interval. */
  low: number | null;
  high: number | null;
}

/** Standard normal quantile of a two-sided 95 % interval. */
const Z = 1.96;

/**
 * A share with its 95 % interval. Images of one scene resemble each other, so they count as fewer than they are: the Wilson interval
 * (1927) of the effective number of images, which is theirs divided by the design effect of the scenes (Kish 1965).
 */
export const clusteredShare = (outcomes: readonly Outcome[]): Share => {
  const n = outcomes.length;
  const scenes = bySceneOf(outcomes);
  if (n === 0) return { n, scenes: 0, share: null, low: null, high: null };
  const share = outcomes.filter(({ isHit }) => isHit).length / n;
  const effective = effectiveCount(scenes, share, n);
  const middle = (share + Z ** 2 / (2 * effective)) / (1 + Z ** 2 / effective);
  const half =
    (Z * Math.sqrt((share * (1 - share)) / effective + Z ** 2 / (4 * effective ** 2))) / (1 + Z ** 2 / effective);
  return { n, scenes: scenes.length, share, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
};

/** The scene of an image, from its name: the folder and the first two words, `headpose/p04_012_t+0_p+0.jpg` → `headpose/p04_012`. */
export const sceneOf = (file: string): string => {
  const name = file.slice(file.lastIndexOf('/') + 1).replace(/\.[^.]*$/u, '');
  return `${file.slice(0, file.lastIndexOf('/') + 1)}${name.split('_').slice(0, 2).join('_')}`;
};

interface Scene {
  n: number;
  hits: number;
}

const bySceneOf = (outcomes: readonly Outcome[]): Scene[] => {
  const scenes = new Map<string, Scene>();
  for (const { isHit, scene } of outcomes) {
    const known = scenes.get(scene) ?? { n: 0, hits: 0 };
    scenes.set(scene, { n: known.n + 1, hits: known.hits + (isHit ? 1 : 0) });
  }
  return [...scenes.values()];
};

/** If all outcomes are alike, the similarity within a scene is unknown: then each scene counts once. */
const effectiveCount = (scenes: readonly Scene[], share: number, n: number): number => {
  const simple = (share * (1 - share)) / n;
  if (simple === 0 || scenes.length < 2) return scenes.length;
  const spread = scenes.reduce((sum, { n: size, hits }) => sum + (hits - share * size) ** 2, 0);
  const clustered = (spread * scenes.length) / ((scenes.length - 1) * n ** 2);
  return Math.min(n, Math.max(1, n * (simple / clustered)));
};
