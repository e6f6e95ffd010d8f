/** Runs in the page, before its own scripts. Collects the problems that a browser's console would show. */
const collectProblems = (): void => {
  const problems: string[] = [];
  Object.assign(globalThis, { problemsOfPage: problems });
  const log = console.error.bind(console);
  console.error = (...words: unknown[]) => {
    problems.push(words.map(String).join(' '));
    log(...words);
  };
  const listen = (name: string, text: (event: never) => string): void =>
    addEventListener(name, (event) => void problems.push(text(event as never)), true);
  listen('error', (event: ErrorEvent) => {
    const { target } = event;
    if (!(target instanceof Element)) return event.message;
    return `not loaded: ${target.getAttribute('src') ?? target.getAttribute('href') ?? target.tagName}`;
  });
  listen('unhandledrejection', (event: PromiseRejectionEvent) => `unhandled: ${String(event.reason)}`);
  listen(
    'securitypolicyviolation',
    (event: SecurityPolicyViolationEvent) => `content policy: ${event.violatedDirective} ${event.blockedURI}`,
  );
};

/** A script for `ScriptInjectingProxy`. */
export const problemCollector = `(${String(collectProblems)})();`;
