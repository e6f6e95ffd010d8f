import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright';
import { expect } from 'vitest';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** axe's rules about colours; only these can find something in a second colour scheme. */
const colourRules = ['color-contrast', 'link-in-text-block'];

/** Time for a slow machine to render a page again. */
const settleTimeoutMs = 15_000;

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
    const violations = await page.evaluate(
      async (runOnly) => {
        const { axe } = globalThis as unknown as {
          axe: { run(options: object): Promise<{ violations: Violation[] }> };
        };
        // Otherwise axe also describes every element that passed.
        return (await axe.run({ runOnly, resultTypes: ['violations'] })).violations;
      },
      colorScheme === 'light' ? rules : colourRules,
    );
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

/** Least height of a control that a finger hits, CSS pixels. */
const fingerPx = 44;

/**
 * The controls that are too low for a finger in a window of a phone's width, each as "height: element".
 * A control's label and what its `::after` covers count; links within a sentence are as high as their line.
 */
export const lowControls = async (page: Page, widthPx = 390): Promise<string[]> => {
  const before = page.viewportSize();
  await page.setViewportSize({ width: widthPx, height: 800 });
  const found = await page.evaluate(async (least) => {
    // Pages that measure the window follow it in their next frames.
    for (let frames = 0; frames < 3; frames += 1) await new Promise(requestAnimationFrame);
    const selector = 'a[href], button, input, select, textarea, summary, [role=button], [role=slider]';
    const controlsIn = (root: Document | ShadowRoot): HTMLElement[] => [
      ...root.querySelectorAll<HTMLElement>(selector),
      ...[...root.querySelectorAll('*')].flatMap(({ shadowRoot }) =>
        shadowRoot === null ? [] : controlsIn(shadowRoot),
      ),
    ];
    const isInSentence = (control: HTMLElement): boolean =>
      getComputedStyle(control).display === 'inline' &&
      control.parentElement?.textContent.trim() !== control.textContent.trim();
    const heightOf = (control: HTMLElement): number => {
      const parts = [control, ...((control as Partial<HTMLInputElement>).labels ?? [])];
      const { content, position, height } = getComputedStyle(control, '::after');
      const overlayPx = content !== 'none' && position === 'absolute' ? Number.parseFloat(height) : 0;
      return Math.max(overlayPx, ...parts.map((part) => part.getBoundingClientRect().height));
    };
    return controlsIn(document)
      .filter((control) => control.checkVisibility() && control.getBoundingClientRect().width > 1)
      .filter((control) => !isInSentence(control) && heightOf(control) < least - 0.5)
      .map((control) => {
        const name = control.getAttribute('aria-label') ?? control.textContent.trim();
        return `${heightOf(control).toFixed(1)} px: ${control.localName} ${control.className} ${name}`.slice(0, 120);
      });
  }, fingerPx);
  if (before !== null) await page.setViewportSize(before);
  return found;
};
