import type { Answers } from './answers.ts';
import { examTexts } from './exam-texts.ts';
import { questions } from './questions.ts';
import type { Question } from './questions.ts';

interface QuestionProps {
  question: Question;
  number: number;
  answers: Answers;
}

const Choice = ({ question, number, answers }: QuestionProps & { question: { kind: 'choice' } }) => (
  <fieldset class="card question">
    <legend>
      <span class="soft">{number}.</span> {question.text}
    </legend>
    {question.options.map((option) => (
      <label key={option} class="option">
        <input
          type="radio"
          name={question.id}
          value={option}
          checked={answers.given.value[question.id] === option}
          onChange={() => answers.give(question.id, option)}
        />
        {option}
      </label>
    ))}
  </fieldset>
);

/** The longest answer that the server takes, in UTF-16 units. */
const maxAnswerLength = 20_000;

const Text = ({ question, number, answers }: QuestionProps & { question: { kind: 'text' } }) => {
  const field = {
    id: question.id,
    maxLength: maxAnswerLength,
    'aria-describedby': `${question.id}-hint`,
    value: answers.given.value[question.id] ?? '',
    onInput: (event: { currentTarget: { value: string } }) => answers.give(question.id, event.currentTarget.value),
  };
  return (
    <div class="card question">
      <label for={question.id}>
        <span class="soft">{number}.</span> {question.text}
      </label>
      <p class="soft" id={`${question.id}-hint`}>
        {question.hint}
      </p>
      {question.rows === 1 ? (
        <input type="text" autocomplete="off" {...field} />
      ) : (
        <textarea rows={question.rows} {...field} />
      )}
    </div>
  );
};

/** Blank text does not count as an answer. */
export const unansweredCount = (answers: Answers): number =>
  questions.filter(({ id }) => (answers.given.value[id] ?? '').trim() === '').length;

export const QuestionList = ({ answers }: { answers: Answers }) => {
  const done = questions.length - unansweredCount(answers);
  return (
    <section aria-label={examTexts.title}>
      {questions.map((question, index) =>
        question.kind === 'choice' ? (
          <Choice key={question.id} question={question} number={index + 1} answers={answers} />
        ) : (
          <Text key={question.id} question={question} number={index + 1} answers={answers} />
        ),
      )}
      <p class="soft" role="status">
        {examTexts.exam.answered(done, questions.length)}
      </p>
    </section>
  );
};
