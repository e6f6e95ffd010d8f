import { fileURLToPath } from 'node:url';
import { weightsFolder } from '@invigil/testkit/repository';
import { launchOptions } from '@invigil/testkit/browser/chromium';
import { serveFolders } from '@invigil/testkit/server/file-server';
import { chromium } from 'playwright';
import { build } from 'vite';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const pageFolder = '../evaluate/page';

/** A page that runs single models, and the functions of it that are called. */
export interface EvidencePage {
  /** File name in the page folder. */
  html: string;
  load: string;
  read: string;
}

/** Opens the page in Chromium and reads each file of the data folder with it. */
export const readEvidence = async <T>(
  { html, load, read }: EvidencePage,
  folder: string,
  files: readonly string[],
): Promise<T[]> => {
  await build({
    configFile: path(`${pageFolder}/vite.config.ts`),
    build: { rolldownOptions: { input: path(`${pageFolder}/${html}`) } },
  });
  const server = await serveFolders({
    '/data/': folder,
    '/models/': weightsFolder,
    '/': path('../../../../engine/dist/evaluate'),
  });
  const browser = await chromium.launch(launchOptions());
  try {
    const page = await browser.newPage();
    await page.goto(new URL(html, server.url).href);
    await page.evaluate(`${load}()`);
    const answers: T[] = [];
    for (const file of files) {
      answers.push(await page.evaluate<T>(`${read}(${JSON.stringify(`/data/${file}`)})`));
      if (answers.length % 50 === 0) process.stderr.write(`${answers.length} of ${files.length} images\n`);
    }
    return answers;
  } finally {
    await browser.close();
    await server.close();
  }
};
