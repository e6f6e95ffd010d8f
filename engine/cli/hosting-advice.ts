import type { AssetsArguments } from './read-arguments.ts';

/** What the exam's site must send with these files, and how its pages find them. */
export const hostingAdvice = ({ server, models }: Pick<AssetsArguments, 'server' | 'models'>): string => {
  const origin = server ?? 'https://proctor.example.edu';
  const policy = [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    `connect-src 'self' ${origin} ${origin.replace(/^http/, 'ws')}`,
    "style-src 'self'",
    "img-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return `Send with every file of the exam's site (a worker uses the policy of its own script):

  Content-Security-Policy: ${policy}

Cache headers:

  assets/*   Cache-Control: public, max-age=31536000, immutable   (names change with the content)
  *.js       Cache-Control: no-cache
  models/*   Cache-Control: no-cache                               (the engine keeps verified copies itself)

In the page:

  <script type="module" src="/invigil/element.js"></script>
  <invigil-proctor server-url="${origin}"${models === null ? '' : ' models-url="/invigil/models/"'} …></invigil-proctor>`;
};
