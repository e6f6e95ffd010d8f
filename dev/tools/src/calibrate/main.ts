/** Chooses limits of the engine on images that nothing was trained on. */
import { callerPath, commandLine, runCommand, usageError } from '../command/command-line.ts';
import { readEvidence } from './evidence-page.ts';
import { gazeFiles } from './gaze-labels.ts';
import { gazeTable } from './gaze-table.ts';
import type { GazeAnswer } from './gaze-table.ts';
import { readHeldOut } from './held-out.ts';
import { bestAgreement, thresholds } from './threshold.ts';
import type { Looks } from './threshold.ts';

const usage = `npm run calibrate -- --data FOLDER [--gaze]

Chooses the limits of the phone search (engine/src/perception/objects/phone-thresholds.ts).

  --data FOLDER   holds labels.tsv (file, group, original, boxes) and pictures/
  --gaze          shows what the constants of the vertical gaze (engine/src/perception/gaze/) were chosen by instead
  --help          this text`;

const lookWeights = [1, 2, 3];
const falseShares = [0, 0.01, 0.02, 0.03, 0.05];

/** The page's answer for one image. */
interface PhoneAnswer {
  evidence: { score: number; upright: number }[];
}

const percent = (value: number): string => `${(value * 100).toFixed(1)} %`;

const calibratePhones = async (folder: string): Promise<void> => {
  const images = await readHeldOut(folder);
  const page = { html: 'phone-evidence.html', load: 'loadPhones', read: 'phoneEvidence' };
  const answers = await readEvidence<PhoneAnswer>(
    page,
    folder,
    images.map(({ file }) => file),
  );
  const looks = answers.map(({ evidence }): Looks => evidence.map(({ score, upright }) => [score, upright] as const));
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
};

const calibrateGaze = async (folder: string): Promise<void> => {
  const page = { html: 'gaze-evidence.html', load: 'loadFaces', read: 'gazeEvidence' };
  const { camera, down } = gazeFiles;
  const answers = await readEvidence<GazeAnswer>(page, folder, [...camera, ...down]);
  console.log(gazeTable({ camera: answers.slice(0, camera.length), down: answers.slice(camera.length) }));
};

await runCommand(async () => {
  const { values } = commandLine(usage, { data: { type: 'string' }, gaze: { type: 'boolean' } });
  if (values.data === undefined) throw usageError('--data is missing', usage);
  const folder = callerPath(values.data);
  await (values.gaze ? calibrateGaze(folder) : calibratePhones(folder));
});
