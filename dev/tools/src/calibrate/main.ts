/** Chooses the limits of the phone search on images that nothing was trained on. */
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { build } from 'vite';
import { launchOptions } from '@invigil/testkit/browser/chromium';
import { serveFolders } from '@invigil/testkit/server/file-server';
import { callerPath, commandLine, runCommand, usageError } from '../command/command-line.ts';
import { readHeldOut } from './held-out.ts';
import type { HeldOutImage } from './held-out.ts';
import { bestAgreement, thresholds } from './threshold.ts';
import type { Looks } from './threshold.ts';

const usage = `Chooses the limits of the phone search (engine/src/perception/objects/phone-thresholds.ts).

  npm run calibrate -- --data FOLDER

  --data FOLDER   holds labels.tsv (file, group, original, boxes) and pictures/
`;

const lookWeights = [1, 2, 3];
const falseShares = [0, 0.01, 0.02, 0.03, 0.05];
const pageFolder = '../evaluate/page';

/** The page's answer for one image. */
interface Answer {
  evidence: { score: number; upright: number }[];
}

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

const readLooks = async (url: string, images: readonly HeldOutImage[]): Promise<Looks[]> => {
  const browser = await chromium.launch(launchOptions());
  try {
    const page = await browser.newPage();
    await page.goto(new URL('phone-evidence.html', url).href);
    await page.evaluate('loadPhones()');
    const looks: Looks[] = [];
    for (const { file } of images) {
      const answer = await page.evaluate<Answer>(`phoneEvidence(${JSON.stringify(`/data/${file}`)})`);
      looks.push(answer.evidence.map(({ score, upright }) => [score, upright] as const));
      if (looks.length % 50 === 0) process.stderr.write(`${looks.length} of ${images.length} images\n`);
    }
    return looks;
  } finally {
    await browser.close();
  }
};

const percent = (value: number): string => `${(value * 100).toFixed(1)} %`;

await runCommand(async () => {
  const { values } = commandLine(usage, { data: { type: 'string' } });
  if (values.data === undefined) throw usageError('--data is missing', usage);
  const folder = callerPath(values.data);
  const images = await readHeldOut(folder);
  await build({
    configFile: path(`${pageFolder}/vite.config.ts`),
    build: { rolldownOptions: { input: path(`${pageFolder}/phone-evidence.html`) } },
  });
  const server = await serveFolders({
    '/data/': folder,
    '/models/': path('../../../../models/weights'),
    '/': path('../../../../engine/dist/evaluate'),
  });
  try {
    const looks = await readLooks(server.url, images);
    const scores = (hasPhone: boolean, weight: number): number[] =>
      looks.filter((_, i) => images[i]!.boxes.length > 0 === hasPhone).map((each) => bestAgreement(each, weight));
    console.log(`${scores(true, 1).length} images with a phone, ${scores(false, 1).length} without\n`);
    console.log('| weight of the closer look | false images | threshold | recall |\n|---|---|---|---|');
    for (const weight of lookWeights) {
      for (const { falseShare, threshold, recall } of thresholds(
        scores(true, weight),
        scores(false, weight),
        falseShares,
      )) {
        console.log(`| ${weight} | ${percent(falseShare)} | ${threshold.toFixed(3)} | ${percent(recall)} |`);
      }
    }
  } finally {
    await server.close();
  }
});
