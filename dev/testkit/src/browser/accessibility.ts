import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright';
import { expect } from 'vitest';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Time for a slow machine to render a page again. */
const settleTimeoutMs = 3000;

interface Violation {
  id: string;
  nodes: { target: string[] }[];
}

/** axe's findings in the current page, in light and dark, each as "rule: element". */
export const accessibilityProblems = async (page: Page): Promise<string[]> => {
  const problems: string[] = [];
  await page.evaluate(axeSource);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const violations = await page.evaluate(async (tags) => {
      const { axe } = globalThis as unknown as {
        axe: { run(options: object): Promise<{ violations: Violation[] }> };
      };
      return (await axe.run({ runOnly: tags })).violations;
    }, rules);
    for (const { id, nodes } of violations) {
      for (const { target } of nodes) problems.push(`${colorScheme} ${id}: ${target.join(' ')}`);
    }
  }
  return problems;
};

/** How much wider the page is than the window after rendering, CSS pixels. */
export const sidewaysPx = async (page: Page, widthPx: number): Promise<number> => {
  const before = page.viewportSize();
  await page.setViewportSize({ width: widthPx, height: 800 });
  const overflowPx = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  await expect
    .poll(overflowPx, { timeout: settleTimeoutMs })
    .toBeLessThanOrEqual(0)
    .catch(() => undefined);
  const overflow = await overflowPx();
  if (before !== null) await page.setViewportSize(before);
  return Math.max(0, overflow);
};
