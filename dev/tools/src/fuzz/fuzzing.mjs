import { answerCheck } from '@invigil/testkit/described/answers';
import { messageCheck } from '@invigil/testkit/described/messages';
import { closeCodes } from '@invigil/protocol/channels';
import { House } from './fixtures.mjs';
import { httpRequests } from './http-endpoints.mjs';
import { sendRaw } from './raw-endpoint.mjs';
import { socketDoors } from './socket-endpoints.mjs';
import { talk } from './socket-session.mjs';

/** Of all messages, to which doors they go; the rest of the sockets' share goes to where messages are read after the login. */
const shares = { http: 0.38, raw: 0.01, before: 0.06 };
const afterShares = { session: 0.36, exam: 0.13, sentinel: 0.15, proctor: 0.15, presence: 0.06, alerts: 0.15 };
const workers = { http: 16, raw: 2, before: 3, after: 4 };
const rebuildEvery = 300;
const knownCodes = new Set(Object.values(closeCodes).map(({ code }) => code));

/** A path of each channel, by which its messages are found in the description. */
const examplePaths = { session: '/api/v1/session/ws/x', exam: '/api/v1/websocket/x/ws', alerts: '/ws/alerts/x' };

/** Lets workers take from one budget, so that they end together. */
const budgetOf = (count) => {
  let left = count;
  return {
    take: (most) => {
      const taken = Math.min(most, left);
      left -= taken;
      return taken;
    },
    giveBack: (unused) => {
      left += unused;
    },
  };
};

const inParallel = (count, work) => Promise.all(Array.from({ length: count }, work));

/** The one route that says 503 without being ill. */
const livekit = /\/webrtc\/livekit\//;

/** Mutated messages at every door of one server, and what is wrong with what it answers. */
export class Fuzzing {
  constructor(server, client, tally, random) {
    Object.assign(this, { server, client, tally, random });
    this.requests = 0;
  }

  async begin() {
    const documents = await Promise.all(
      ['/openapi.json', '/asyncapi.json'].map((path) => this.client.ask({ method: 'GET', path })),
    );
    const [openapi, asyncapi] = documents.map(({ text }) => JSON.parse(text));
    this.answers = answerCheck(openapi);
    this.messages = messageCheck(asyncapi);
    this.http = httpRequests(openapi);
    this.house = await House.build(this.client.ask);
  }

  async run(count) {
    const http = Math.round(count * shares.http);
    const raw = Math.round(count * shares.raw);
    const before = Math.round(count * shares.before);
    const after = count - http - raw - before;
    const names = Object.keys(socketDoors);
    let given = 0;
    const afterCounts = names.map((name, index) => {
      const its = index === names.length - 1 ? after - given : Math.round(after * afterShares[name]);
      given += its;
      return its;
    });
    await Promise.all([
      this.#each(http, workers.http, (random) => this.#request(random)),
      this.#each(raw, workers.raw, (random) => this.#raw(random)),
      this.#each(before, workers.before, (random) => this.#talk(random.pick(names), true, 1, random)),
      ...names.map((name, index) =>
        this.#each(
          afterCounts[index],
          socketDoors[name].workers ?? workers.after,
          (random, most) => this.#talk(name, false, most, random),
          40,
        ),
      ),
    ]);
  }

  /** Workers that take what is left of `count` until nothing is. `work` says how much it did. */
  async #each(count, workerCount, work, most = 1) {
    const budget = budgetOf(count);
    await inParallel(workerCount, async () => {
      const random = this.random.fork();
      for (let taken = budget.take(most); taken > 0; taken = budget.take(most)) {
        if (this.server.hasExited()) return;
        const done = Math.max(1, await work(random, taken));
        budget.giveBack(Math.max(0, taken - done));
      }
    });
  }

  async #request(random) {
    if (++this.requests % rebuildEvery === 0) await this.#rebuild();
    const { door, ...request } = this.http.next(random, this.house);
    const sample = () => `${request.method} ${request.path.slice(0, 200)} ${String(request.body ?? '').slice(0, 300)}`;
    try {
      const answer = await this.client.ask(request);
      this.tally.count(door, String(answer.status));
      const wrong = this.#wrongAnswer(request, answer);
      if (wrong !== null) this.tally.unexpected(door, wrong, `${sample()} → ${answer.text.slice(0, 200)}`);
    } catch (error) {
      this.#failed(door, error, sample());
    }
    return 1;
  }

  #wrongAnswer({ method, path }, { status, contentType, text }) {
    if (status >= 500) {
      // LiveKit is not configured here, which HEAD has no body to say with.
      const isSaid = status === 503 && (text.includes('NOT_CONFIGURED') || (method === 'HEAD' && livekit.test(path)));
      return isSaid ? null : `answered ${status}`;
    }
    if (status === 431 || method === 'HEAD' || method === 'OPTIONS') return null;
    const found = this.answers({ method, path, status, contentType, text });
    if (found !== null) return found.problem === null ? null : `${found.what}: ${found.problem}`;
    // No route: then a problem, or one of the pages.
    return status < 400 || contentType?.startsWith('application/problem+json')
      ? null
      : `answered ${status} as ${contentType}`;
  }

  async #raw(random) {
    try {
      const status = await sendRaw(this.server.origin, random);
      this.tally.count('raw', status === null ? 'hung up' : String(status));
      if (status !== null && status >= 500) this.tally.unexpected('raw', `answered ${status}`, '');
    } catch (error) {
      this.#failed('raw', error, '');
    }
    return 1;
  }

  async #talk(name, isBefore, most, random) {
    const label = `ws ${name} ${isBefore ? 'before' : 'after'} login`;
    const door = socketDoors[name];
    const pathname = examplePaths[name] ?? `/ws/${name}`;
    const onMessage = (message) => {
      const { what, problem: wrong } = this.messages(pathname, message);
      if (wrong !== null) this.tally.unexpected(label, `${what}: ${wrong}`, JSON.stringify(message).slice(0, 300));
    };
    try {
      const { origin } = this.server;
      const { sent, end } = await talk({ origin, door, house: this.house, random, isBefore, most, onMessage });
      const ending = end === null ? 'alive' : 'code' in end ? `closed ${end.code}` : `refused ${end.status}`;
      this.tally.count(label, ending, Math.max(1, sent));
      if (end?.code !== undefined && !knownCodes.has(end.code)) this.tally.unexpected(label, ending, '');
      if (end?.status >= 500) this.tally.unexpected(label, ending, '');
      if (end?.code === 4000) await this.#newSession();
      return sent;
    } catch (error) {
      this.#failed(label, error, '');
      return 1;
    }
  }

  /** What ended it may come to another worker first. */
  #newSession() {
    this.making ??= this.house
      .newSession()
      .catch(() => this.house.rebuild())
      .finally(() => (this.making = null));
    return this.making;
  }

  #rebuild() {
    this.making ??= this.house.rebuild().finally(() => (this.making = null));
    return this.making;
  }

  #failed(door, error, sample) {
    if (error.code === 'HANG') return this.tally.hang(door, `${error.message} ${sample}`);
    this.tally.count(door, error.code ?? 'failed');
    this.tally.unexpected(door, error.code ?? error.message, sample);
  }
}
