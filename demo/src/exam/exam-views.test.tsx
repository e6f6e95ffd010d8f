// @vitest-environment happy-dom
import { beforeEach, describe, expect, test } from 'vitest';
import { button, click, find, rendered, type } from '../testing/rendered.ts';
import { createAnswers } from './answers.ts';
import { EndButton } from './end-button.tsx';
import { QuestionList } from './question-list.tsx';
import { questions } from './questions.ts';

beforeEach(() => sessionStorage.clear());

describe('answers', () => {
  test('are found again after a reload of the same session', () => {
    createAnswers('one').give('river', 'The Danube');
    expect(createAnswers('one').given.value).toEqual({ river: 'The Danube' });
    expect(createAnswers('two').given.value).toEqual({});
  });

  test('keep the last answer to a question, and the others', () => {
    const answers = createAnswers('one');
    answers.give('river', 'The Nile');
    answers.give('scale', '3.5');
    answers.give('river', 'The Danube');
    expect(answers.given.value).toEqual({ river: 'The Danube', scale: '3.5' });
  });
});

describe('the questions', () => {
  test('are numbered, each with a label', async () => {
    const place = await rendered(<QuestionList answers={createAnswers('one')} />);
    expect(place.querySelectorAll('.question')).toHaveLength(questions.length);
    for (const field of place.querySelectorAll<HTMLElement>('input[type=text], textarea'))
      expect(place.querySelector(`label[for="${field.id}"]`)).not.toBeNull();
  });

  test('count the answers given; blank text does not count', async () => {
    const place = await rendered(<QuestionList answers={createAnswers('one')} />);
    const status = () => find(place, '[role=status]').textContent;
    expect(status()).toBe(`0 of ${questions.length} answered`);
    await click(find(place, 'input[type=radio]'));
    expect(status()).toBe(`1 of ${questions.length} answered`);
    await type(find(place, 'textarea'), '   ');
    expect(status()).toBe(`1 of ${questions.length} answered`);
    await type(find(place, 'textarea'), 'The sea stores heat.');
    expect(status()).toBe(`2 of ${questions.length} answered`);
  });

  test('show the answers from before the reload', async () => {
    createAnswers('one').give('coast', 'The sea stores heat.');
    const place = await rendered(<QuestionList answers={createAnswers('one')} />);
    expect((find(place, 'textarea') as HTMLTextAreaElement).value).toBe('The sea stores heat.');
  });
});

describe('the end of the exam', () => {
  test('needs a confirmation, with the button to go back first', async () => {
    let ended = 0;
    const place = await rendered(<EndButton unanswered={2} onEnd={() => (ended += 1)} />);
    await click(find(place, '[data-testid=end]'));
    const dialog = find(place, 'dialog') as HTMLDialogElement;
    expect(dialog.open).toBe(true);
    expect(dialog.textContent).toContain('2 questions are unanswered.');
    expect([...dialog.querySelectorAll('button')].map(({ textContent }) => textContent)).toEqual([
      'Back to the questions',
      'End exam',
    ]);
    await click(button(place, 'Back to the questions'));
    expect([dialog.open, ended]).toEqual([false, 0]);
    await click(find(place, '[data-testid=end-confirm]'));
    expect(ended).toBe(1);
  });
});
