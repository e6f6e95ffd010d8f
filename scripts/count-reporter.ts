import type { EnvironmentModuleNode } from 'vite';
import type { Reporter, TestModule } from 'vitest/node';
import { browserNames } from '@invigil/testkit/browser/browser-name';
import type { BrowserName } from '@invigil/testkit/browser/browser-name';
import { missingPackages } from '@invigil/testkit/browser/installed-browsers';

const usesChromium = (module: TestModule): boolean => {
  if (module.project.isBrowserEnabled()) return true;
  const seen = new Set<EnvironmentModuleNode>();
  const reaches = (node: EnvironmentModuleNode | undefined): boolean => {
    if (node === undefined || seen.has(node)) return false;
    seen.add(node);
    return /testkit\/src\/browser\/(raw-)?chromium\.ts/.test(node.id ?? '') || [...node.importedModules].some(reaches);
  };
  return reaches(module.viteEnvironment?.moduleGraph.getModuleById(module.moduleId));
};

/** Ends a run with the number of tests, in all (`tests: N passed, N failed, N skipped`) and in each browser. */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    const inBrowser: Record<BrowserName, number> = { chromium: 0, firefox: 0, webkit: 0 };
    for (const module of modules) {
      if (module.state() === 'failed' && [...module.children.allTests()].length === 0) counts.failed += 1;
      const usual = usesChromium(module) ? 'chromium' : undefined;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        counts[state === 'pending' ? 'skipped' : state] += 1;
        const browser = test.meta().browser ?? usual;
        if (browser !== undefined && (state === 'passed' || state === 'failed')) inBrowser[browser] += 1;
      }
    }
    const shares = browserNames.map((name) => {
      const missing = missingPackages(name);
      const reason = missing.length === 0 ? '' : ` (not installed: ${missing.join(', ')})`;
      return `${name} ${inBrowser[name]}${reason}`;
    });
    console.log(`tests run in each browser: ${shares.join(', ')}`);
    console.log(`tests: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  }
}
