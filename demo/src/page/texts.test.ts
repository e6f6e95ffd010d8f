// @vitest-environment happy-dom
import { beforeEach, describe, expect, test, vi } from 'vitest';

const modules = {
  calibration: async () => (await import('../calibration/calibration-texts.ts')).calibrationTexts,
  check: async () => (await import('../check/check-texts.ts')).checkTexts,
  evidence: async () => (await import('../report/evidence-texts.ts')).evidenceTexts,
  exam: async () => (await import('../exam/exam-texts.ts')).examTexts,
  questions: async () => (await import('../exam/questions.ts')).questions,
  frame: async () => (await import('./frame-texts.ts')).frameTexts,
  problem: async () => (await import('../sessions/problem-texts.ts')).problemTexts,
  camera: async () => (await import('../camera/camera-texts.ts')).cameraTexts,
  proctor: async () => (await import('../proctor/texts/proctor-texts.ts')).proctorTexts,
  report: async () => (await import('../report/report-texts.ts')).reportTexts,
  review: async () => (await import('../review/review-texts.ts')).reviewTexts,
  setup: async () => (await import('../setup/setup-texts.ts')).setupTexts,
  signIn: async () => (await import('../sign-in/sign-in-texts.ts')).signInTexts,
  start: async () => (await import('../start/start-texts.ts')).startTexts,
};

type Module = keyof typeof modules;

/** The texts of a module in a language, as a page in that language loads them. */
const textsIn = async (name: Module, language: string): Promise<unknown> => {
  vi.resetModules();
  sessionStorage.setItem('invigil-language', language);
  return modules[name]();
};

/** Numbers select plural forms, so a function is called with one and with several. */
const samples = [
  ['⟨a⟩', '⟨b⟩', '⟨c⟩'],
  [1, 1, 1],
  [23, 45, 67],
] as const;

/** Each leaf as path and text; a function becomes its results. */
const leaves = (value: unknown, path = ''): [path: string, text: string][] => {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') {
    return samples.map((sample, index) => [`${path}(${index})`, String(Reflect.apply(value, undefined, sample))]);
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, path === '' ? key : `${path}.${key}`));
};

/** Which of the sample values appear in a text. */
const placeholders = (text: string): string[] =>
  ['⟨a⟩', '⟨b⟩', '⟨c⟩', '23', '45', '67'].filter((sample) => text.includes(sample));

const translated = ['de', 'es'] as const;
const names = Object.keys(modules) as Module[];

beforeEach(() => sessionStorage.clear());

describe.each(names)('the texts of %s', (name) => {
  test.each(translated)('has the same keys in %s as in English, none of them empty', async (language) => {
    const english = leaves(await textsIn(name, 'en'));
    const other = leaves(await textsIn(name, language));
    expect(other.map(([path]) => path)).toEqual(english.map(([path]) => path));
    expect(other.filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  test.each(translated)('uses the same placeholders in %s as in English', async (language) => {
    const english = leaves(await textsIn(name, 'en')).filter(([path]) => path.endsWith(')'));
    const other = leaves(await textsIn(name, language)).filter(([path]) => path.endsWith(')'));
    const used = (list: typeof english) => list.map(([path, text]) => [path, placeholders(text)]);
    expect(used(other)).toEqual(used(english));
  });

  test.each(translated)('leaves no sentence untranslated in %s', async (language) => {
    const english = new Map(leaves(await textsIn(name, 'en')));
    const same = leaves(await textsIn(name, language)).filter(
      ([path, text]) => text.includes(' ') && text.length > 24 && english.get(path) === text,
    );
    expect(same).toEqual([]);
  });

  test('accuses nobody and uses the product’s terms', async () => {
    const text = leaves(await textsIn(name, 'en'))
      .map(([, part]) => part)
      .join('\n');
    expect(text).not.toMatch(/cheat|suspicious|guilty|\bsittings?\b|\bpictures?\b/i);
  });
});

describe('the language of a page', () => {
  test('falls back to English if the reader’s language is not offered', async () => {
    vi.resetModules();
    sessionStorage.setItem('invigil-language', 'fr');
    expect((await import('./language.ts')).pageLanguage).toBe('en');
  });

  test.each([
    [['fr-FR', 'en-GB', 'en-US'], 'en-GB'],
    [['fr-FR'], 'en'],
    [['en_US', 'en-', 'en'], 'en'],
  ])('formats dates for %j as %s, if the page is in English', async (languages, locale) => {
    vi.resetModules();
    sessionStorage.setItem('invigil-language', 'en');
    const named = vi.spyOn(navigator, 'languages', 'get').mockReturnValue(languages);
    expect((await import('./language.ts')).pageLocale).toBe(locale);
    named.mockRestore();
  });

  test.each([undefined, [], ['C'], [undefined, 'de-AT']])(
    'a browser whose list of languages is %j leaves no page blank',
    async (languages) => {
      vi.resetModules();
      sessionStorage.clear();
      const named = vi.spyOn(navigator, 'languages', 'get').mockReturnValue(languages as string[]);
      const { pageLanguage, pageLocale } = await import('./language.ts');
      expect([pageLanguage, pageLocale]).toEqual(languages?.length === 2 ? ['de', 'de-AT'] : ['en', 'en']);
      named.mockRestore();
    },
  );

  test('stays English on a page that is offered in English only', async () => {
    vi.resetModules();
    sessionStorage.setItem('invigil-language', 'de');
    document.documentElement.dataset['languages'] = 'en';
    expect((await import('./language.ts')).pageLanguage).toBe('en');
    delete document.documentElement.dataset['languages'];
  });
});
