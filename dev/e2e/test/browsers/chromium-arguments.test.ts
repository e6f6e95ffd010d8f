import { launchBrowser, launchOptions } from '@invigil/testkit/browser/chromium';
import { chromium } from 'playwright';
import { expect, test } from 'vitest';

const flag = '--disable-features=';

test('tests disable every feature that Playwright disables', async () => {
  const server = await chromium.launchServer(launchOptions());
  const lists = server
    .process()
    .spawnargs.filter((argument) => argument.startsWith(flag))
    .map((argument) => argument.slice(flag.length).split(','));
  await server.close();
  const [playwrights, ours] = lists;
  expect(lists).toHaveLength(2);
  expect(ours).toEqual(expect.arrayContaining(playwrights ?? []));
});

test('Chromium loads no pages of its own beside those of a test', async () => {
  const browser = await launchBrowser();
  const session = await browser.newBrowserCDPSession();
  await (await browser.newPage()).goto('data:text/html,<h1>Exam</h1>');
  const { targetInfos } = await session.send('Target.getTargets', { filter: [{}] });
  const urls = targetInfos.map(({ url }) => url);
  await browser.close();
  expect(urls).toContain('data:text/html,<h1>Exam</h1>');
  expect(urls.filter((url) => url.startsWith('chrome:'))).toEqual([]);
});
