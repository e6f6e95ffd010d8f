import { answerCheck } from '@invigil/testkit/described/answers';
import type { CheckedAnswer, DescribedApi, SeenAnswer } from '@invigil/testkit/described/answers';
import { messageCheck } from '@invigil/testkit/described/messages';
import type { CheckedMessage, DescribedChannels } from '@invigil/testkit/described/messages';
import { closeCodes } from '@invigil/protocol/channels';
import { answerProblem } from './answer-problem.ts';
import { budgetOf } from './budget.ts';
import { Fixtures } from './fixtures.ts';
import { HangError } from './hang-error.ts';
import type { HttpClient } from './http-client.ts';
import { httpRequests } from './http-endpoints.ts';
import type { MutatedRequest, RoutedApi } from './http-endpoints.ts';
import type { Random } from './random.ts';
import { sendRaw } from './raw-endpoint.ts';
import type { FuzzedServer } from './server-process.ts';
import { socketEndpoints } from './socket-endpoints.ts';
import type { SocketEndpoint, SocketEndpointName } from './socket-endpoints.ts';
import { runSocketSession } from './socket-session.ts';
import type { ServerMessage } from './socket-listener.ts';
import type { Tally } from './tally.ts';

/** Shares of all messages; the rest goes to the WebSocket channels after the login. */
const shares = { http: 0.38, raw: 0.01, before: 0.06 };
const afterShares = { session: 0.36, exam: 0.13, sentinel: 0.15, proctor: 0.15, presence: 0.06, alerts: 0.15 };
const workers = { http: 16, raw: 2, before: 3, after: 4 };
const messagesPerTurn = 40;
const replaceEvery = 300;
const sessionEndedCode = 4000;
const knownCodes = new Set<number>(Object.values(closeCodes).map(({ code }) => code));

/** An example path of each channel, to find it in the AsyncAPI document; default: /ws/NAME. */
const examplePaths: Partial<Record<SocketEndpointName, string>> = {
  session: '/api/v1/session/ws/x',
  exam: '/api/v1/websocket/x/ws',
  alerts: '/ws/alerts/x',
};

/** Checks and requests that are built from the server's OpenAPI and AsyncAPI documents. */
interface Descriptions {
  checkAnswer: (answer: SeenAnswer) => CheckedAnswer | null;
  checkMessage: (pathname: string, message: ServerMessage) => CheckedMessage;
  nextRequest: ReturnType<typeof httpRequests>;
}

/** Everything that one run uses. */
export interface FuzzingParts {
  server: FuzzedServer;
  client: HttpClient;
  tally: Tally;
  random: Random;
}

const fetchDescriptions = async (client: HttpClient): Promise<Descriptions> => {
  const [openapi, asyncapi] = await Promise.all(
    ['/openapi.json', '/asyncapi.json'].map((path) => client.send({ method: 'GET', path })),
  );
  const api = JSON.parse(openapi!.text) as DescribedApi & RoutedApi;
  return {
    checkAnswer: answerCheck(api),
    checkMessage: messageCheck(JSON.parse(asyncapi!.text) as DescribedChannels),
    nextRequest: httpRequests(api),
  };
};

/** Sends mutated messages to every endpoint of one server, and records unexpected answers. */
export class Fuzzing {
  #requests = 0;
  /** A running replacement of the exam or the session, which several workers may ask for. */
  #replacing: Promise<void> | null = null;
  readonly #parts: FuzzingParts;
  readonly #descriptions: Descriptions;
  readonly #fixtures: Fixtures;

  private constructor(parts: FuzzingParts, descriptions: Descriptions, fixtures: Fixtures) {
    this.#parts = parts;
    this.#descriptions = descriptions;
    this.#fixtures = fixtures;
  }

  static async begin(parts: FuzzingParts): Promise<Fuzzing> {
    const descriptions = await fetchDescriptions(parts.client);
    return new Fuzzing(parts, descriptions, await Fixtures.create(parts.client.send));
  }

  async run(count: number): Promise<void> {
    const http = Math.round(count * shares.http);
    const raw = Math.round(count * shares.raw);
    const before = Math.round(count * shares.before);
    const after = count - http - raw - before;
    const names = Object.keys(socketEndpoints) as SocketEndpointName[];
    let given = 0;
    const afterCounts = names.map((name, index) => {
      const share = index === names.length - 1 ? after - given : Math.round(after * afterShares[name]);
      given += share;
      return share;
    });
    await Promise.all([
      this.#each(http, workers.http, (random) => this.#sendRequest(random)),
      this.#each(raw, workers.raw, (random) => this.#sendRaw(random)),
      this.#each(before, workers.before, (random) => this.#connect(random.pick(names), true, 1, random)),
      ...names.map((name, index) => {
        const { workers: limit = workers.after }: SocketEndpoint = socketEndpoints[name];
        const work = (random: Random, most: number) => this.#connect(name, false, most, random);
        return this.#each(afterCounts[index]!, limit, work, messagesPerTurn);
      }),
    ]);
  }

  /** Runs workers until `count` messages are sent. `work` resolves with the number of messages it sent, of at most `most`. */
  async #each(
    count: number,
    workerCount: number,
    work: (random: Random, most: number) => Promise<number>,
    most = 1,
  ): Promise<void> {
    const budget = budgetOf(count);
    const runWorker = async (): Promise<void> => {
      const random = this.#parts.random.fork();
      for (let taken = budget.take(most); taken > 0; taken = budget.take(most)) {
        if (this.#parts.server.hasExited()) return;
        const done = Math.max(1, await work(random, taken));
        budget.giveBack(Math.max(0, taken - done));
      }
    };
    await Promise.all(Array.from({ length: workerCount }, runWorker));
  }

  async #sendRequest(random: Random): Promise<number> {
    if (++this.#requests % replaceEvery === 0) await this.#replaceExam();
    const request = this.#descriptions.nextRequest(random, this.#fixtures.current);
    try {
      const answer = await this.#parts.client.send(request);
      this.#parts.tally.count(request.endpoint, String(answer.status));
      const problem = answerProblem(request, answer, this.#descriptions.checkAnswer);
      const sample = `${sampleOf(request)} → ${answer.text.slice(0, 200)}`;
      if (problem !== null) this.#parts.tally.unexpected(request.endpoint, problem, sample);
    } catch (error) {
      this.#recordFailure(request.endpoint, error, sampleOf(request));
    }
    return 1;
  }

  async #sendRaw(random: Random): Promise<number> {
    const { server, tally } = this.#parts;
    try {
      const status = await sendRaw(server.origin, random);
      tally.count('raw', status === null ? 'hung up' : String(status));
      if (status !== null && status >= 500) tally.unexpected('raw', `answered ${status}`, '');
    } catch (error) {
      this.#recordFailure('raw', error, '');
    }
    return 1;
  }

  async #connect(name: SocketEndpointName, isBefore: boolean, most: number, random: Random): Promise<number> {
    const label = `ws ${name} ${isBefore ? 'before' : 'after'} login`;
    const { server, tally } = this.#parts;
    const onMessage = (message: ServerMessage): void => {
      const { what, problem } = this.#descriptions.checkMessage(examplePaths[name] ?? `/ws/${name}`, message);
      if (problem !== null) tally.unexpected(label, `${what}: ${problem}`, JSON.stringify(message).slice(0, 300));
    };
    try {
      const [endpoint, exam] = [socketEndpoints[name], this.#fixtures.current];
      const session = { origin: server.origin, endpoint, exam, random, isBefore, most, onMessage };
      const { sent, end } = await runSocketSession(session);
      const outcome = end === null ? 'alive' : 'code' in end ? `closed ${end.code}` : `refused ${end.status}`;
      tally.count(label, outcome, Math.max(1, sent));
      const isExpected = end === null || ('code' in end ? knownCodes.has(end.code) : end.status < 500);
      if (!isExpected) tally.unexpected(label, outcome, '');
      if (end !== null && 'code' in end && end.code === sessionEndedCode) await this.#startSession();
      return sent;
    } catch (error) {
      this.#recordFailure(label, error, '');
      return 1;
    }
  }

  /** Replaces the whole exam when another worker has ended it. */
  #startSession(): Promise<void> {
    this.#replacing ??= this.#fixtures
      .startSession()
      .catch(() => this.#fixtures.replace())
      .finally(() => (this.#replacing = null));
    return this.#replacing;
  }

  #replaceExam(): Promise<void> {
    this.#replacing ??= this.#fixtures.replace().finally(() => (this.#replacing = null));
    return this.#replacing;
  }

  #recordFailure(endpoint: string, error: unknown, sample: string): void {
    const { tally } = this.#parts;
    const { message, code } = error as NodeJS.ErrnoException;
    if (error instanceof HangError) return tally.hang(endpoint, `${message} ${sample}`);
    tally.count(endpoint, code ?? 'failed');
    tally.unexpected(endpoint, code ?? message, sample);
  }
}

const sampleOf = ({ method, path, body }: MutatedRequest): string =>
  `${method} ${path.slice(0, 200)} ${String(body ?? '').slice(0, 300)}`;
