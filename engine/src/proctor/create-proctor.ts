import { resolveOptions } from './options.ts';
import type { ProctorOptions } from './options.ts';
import { ProctorSession } from './proctor-session.ts';
import type { Proctor } from './proctor.ts';

/**
 * Makes a proctor for one session. Nothing is loaded, opened or sent before one of its methods is called.
 *
 * @example
 * const proctor = createProctor({ serverUrl: location.origin, sessionId, token });
 * proctor.on('observation', ({ observation }) => console.log(observation.type));
 * await proctor.start();
 *
 * @throws {ProctorError} with reason `options_invalid`; `detail` names the option, its value and what is allowed.
 */
export const createProctor = (options: ProctorOptions): Proctor => new ProctorSession(resolveOptions(options));
