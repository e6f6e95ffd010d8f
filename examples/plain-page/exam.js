/** One exam on one page: sign in, agree to the proctoring, answer, hand in. */
const signIn = document.querySelector('#sign-in');
const proctor = document.querySelector('invigil-proctor');
const exam = document.querySelector('#exam');
const message = document.querySelector('#message');

/** A server or network that never answers must not leave the page waiting for ever. */
const answerWithinMs = 20_000;

/** Calls the exam's own server. Throws an error whose message the student can read. */
const call = async (path, body = {}) => {
  const response = await fetch(`/exam${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(answerWithinMs),
  });
  const answer = response.status === 204 ? null : await response.json();
  if (!response.ok) throw new Error(answer?.error ?? `The server answered ${response.status}.`);
  return answer;
};

const read = async (path) => {
  const response = await fetch(path, { signal: AbortSignal.timeout(answerWithinMs) });
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  return response.json();
};

const enter = () => {
  signIn.hidden = true;
  proctor.hidden = false;
  message.textContent = '';
};

const configure = async () => {
  const { proctorUrl } = await read('/settings.json');
  proctor.serverUrl = proctorUrl;
  // Called once the student has agreed. Coming back after a reload continues the same session.
  proctor.session = () => call('/session');
  // The consent states exactly what holds for this exam, and the panel offers to ask a proctor for help.
  proctor.notice = () => read('/exam/notice');
  proctor.help = (text) => call('/help', { text });
};
const configured = configure();

// All listeners come before the first await: the student can press a button, and a session that continues after a reload can run, at once.
proctor.addEventListener('invigil-stage', ({ detail }) => {
  exam.hidden = detail.stage !== 'running';
});
exam.hidden = proctor.stage?.stage !== 'running';

signIn.addEventListener('submit', async (event) => {
  event.preventDefault();
  try {
    await call('/sign-in', Object.fromEntries(new FormData(signIn)));
    await configured;
    enter();
  } catch (error) {
    message.textContent = error.message;
  }
});

proctor.addEventListener('invigil-token-expired', async () => {
  // If this fails, the element asks again at its next attempt. Frames wait on the device until then.
  const answer = await call('/session/token').catch(() => null);
  if (answer !== null) proctor.token = answer.token;
});

exam.addEventListener('submit', async (event) => {
  event.preventDefault();
  const answers = Object.fromEntries(new FormData(exam));
  // Closes the camera and delivers the remaining frames, then ends the session, so that the report is complete.
  await proctor.stop();
  try {
    const { handedInAt } = await call('/hand-in', answers);
    message.textContent = `Handed in at ${new Date(handedInAt).toLocaleTimeString()}. You can close this page.`;
  } catch (error) {
    message.textContent = error.message;
    exam.hidden = false;
  }
});

await configured;
const { student } = await read('/exam/student');
if (student !== null) enter();
