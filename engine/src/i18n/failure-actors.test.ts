import { describe, expect, test } from 'vitest';
import { proctorFailures } from '../errors/proctor-error.ts';
import type { ProctorFailure } from '../errors/proctor-error.ts';
import { failureTexts } from './failure-texts.ts';
import { languages } from './language.ts';
import type { Language } from './language.ts';

/** Who can do something about a failure. `nobody`: it passes by itself. */
type Actor = 'student' | 'organiser' | 'proctor' | 'nobody';

/** A new failure must be added here, and its sentence then has to name who can act. */
const actors: Record<ProctorFailure, readonly Actor[]> = {
  options_invalid: ['organiser'],
  wrong_state: ['student'],
  camera_denied: ['student'],
  camera_dismissed: ['student'],
  camera_denied_by_system: ['student'],
  camera_in_use: ['student'],
  camera_none: ['student'],
  camera_insecure_page: ['student'],
  camera_unsupported: ['student'],
  camera_overconstrained: ['student'],
  camera_failed: ['student'],
  camera_forbidden_by_page: ['organiser'],
  camera_lost: ['student', 'nobody'],
  camera_blocked: ['student', 'nobody'],
  camera_muted: ['student', 'nobody'],
  camera_needs_touch: ['student'],
  engine_unavailable: ['student', 'organiser'],
  engine_file_damaged: ['student', 'organiser'],
  engine_file_unreachable: ['student', 'organiser'],
  engine_out_of_memory: ['student'],
  engine_unsupported: ['student', 'organiser'],
  engine_forbidden_by_page: ['organiser'],
  engine_restarted: ['nobody'],
  session_open_elsewhere: ['student'],
  session_open_in_page: ['student'],
  session_replaced: ['nobody'],
  session_refused: ['proctor'],
  storage_unavailable: ['student'],
  storage_full: ['student'],
  storage_required: ['student', 'organiser'],
  lock_required: ['student', 'organiser'],
  message_refused: ['proctor'],
  clock_wrong: ['student', 'nobody'],
};

/** How a sentence of each language speaks to an actor. Students are addressed with an imperative. */
const addressed: Record<Language, Record<Actor, RegExp>> = {
  en: {
    student:
      /(^|[.;:,] |then |and |or )(allow|try|wait|use|close|plug|open|choose|unplug|switch|tap|check|turn|keep|continue|set|delete)\b/i,
    organiser: /tell the (exam )?organiser/i,
    proctor: /tell a proctor/i,
    nobody: /automatically|continues in another window/i,
  },
  de: {
    student:
      /(erlauben|versuchen|warten|verwenden|schließen|nutzen|öffnen|wählen|stecken|klicken|prüfen|schalten|lassen|machen|stellen|löschen) sie|sobald sie .* (anschließen|erlauben|einschalten)/i,
    organiser: /informieren sie die prüfungsorganisation/i,
    proctor: /informieren sie die aufsicht/i,
    nobody: /automatisch|in einem anderen fenster/i,
  },
  es: {
    student:
      /\b(permítala|permita|inténtelo|espere|use|cierre|conecte|conéctela|desconéctela|elija|abra|encienda|toque|compruebe|actívelos|mantenga|siga|ajuste|borre)\b/i,
    organiser: /avise a la organización del examen/i,
    proctor: /avise a la persona que supervisa/i,
    nobody: /automáticamente|en otra ventana/i,
  },
};

/** Sentences that would fit every failure, and so explain none. */
const generic: Record<Language, RegExp> = {
  en: /went wrong|an error (has )?occurred|unknown error|unexpected|please contact/i,
  de: /etwas ist schief|ein fehler|unbekannt|unerwartet/i,
  es: /algo salió mal|un error|desconocid|inesperad/i,
};

describe.each(languages)('in %s', (language) => {
  test.each(proctorFailures)('%s says who can act, and sends the student to nobody else', (reason) => {
    const text = failureTexts[language][reason];
    const named = (['organiser', 'proctor'] as const).filter((actor) => addressed[language][actor].test(text));
    expect(named).toEqual(actors[reason].filter((actor) => actor === 'organiser' || actor === 'proctor'));
    for (const actor of actors[reason]) expect(text).toMatch(addressed[language][actor]);
    expect(text).not.toMatch(generic[language]);
  });
});
