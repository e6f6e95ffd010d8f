import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface VirtualScreen {
  /** For the environment variable DISPLAY. */
  display: string;
  /** Without a window manager, windows cannot be minimised. */
  manageWindows(): void;
  close(): void;
}

/** An X server without a monitor, for browsers that have no headless mode. It ends with this process. */
export const openVirtualScreen = async (): Promise<VirtualScreen> => {
  const words = ['-displayfd', '1', '-screen', '0', '1400x1100x24', '-nolisten', 'tcp'];
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'Xvfb', ...words], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`Xvfb ended with ${String(code)}`);
  });
  const started = once(createInterface({ input: child.stdout }), 'line').then(([line]) => String(line).trim());
  const number = await Promise.race([started, ended]);
  ended.catch(() => undefined);
  const display = `:${number}`;
  const openbox = ['--pdeathsig', 'KILL', 'openbox'];
  const environment = { ...process.env, DISPLAY: display };
  return {
    display,
    manageWindows: () => void spawn('setpriv', openbox, { env: environment, stdio: 'ignore' }),
    // The window manager ends with the screen.
    close: () => void child.kill(),
  };
};
