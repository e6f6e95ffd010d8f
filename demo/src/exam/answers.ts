import { signal } from '@preact/signals';
import { tabStorage } from '../page/tab-storage.ts';

/** The answers of this tab's session; they survive a reload. @param onGiven called with each change */
export const createAnswers = (key: string, onGiven: (questionId: string, answer: string) => void = () => undefined) => {
  const read = (): Record<string, string> => {
    const text = tabStorage.get(key);
    return text === null ? {} : (JSON.parse(text) as Record<string, string>);
  };
  const given = signal(read());
  const give = (questionId: string, answer: string): void => {
    given.value = { ...given.value, [questionId]: answer };
    tabStorage.set(key, JSON.stringify(given.value));
    onGiven(questionId, answer);
  };
  return { given, give };
};

export type Answers = ReturnType<typeof createAnswers>;
