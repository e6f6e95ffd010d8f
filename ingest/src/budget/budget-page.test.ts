import { expect, test } from 'vitest';
import { budgetPage } from './budget-page.ts';

test('the page lists the limits that the server enforces', async () => {
  await expect(budgetPage()).toMatchFileSnapshot('../../../docs/reference/limits.md');
});
