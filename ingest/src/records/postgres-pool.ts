import type { PostgresPool, PostgresPoolClient } from 'kysely';
import pg from 'pg';
import { withDeadline } from '../time/with-deadline.ts';

const maxConnections = 10;
const connectTimeoutMs = 3000;
/** Long enough for a migration or an erasure. */
const queryTimeoutMs = 10_000;
/** A connection that answered this recently is used without a test. */
const trustMs = 1000;
/** With the time for a new connection well under five seconds. */
const testTimeoutMs = 2000;
/** `read_only_sql_transaction`: the connection leads to a server that is not, or no longer, the primary. */
const readOnlyCode = '25006';

/** Errors without a code are the driver's own: no answer, or a broken connection. */
const needsNewConnection = (error: unknown): boolean =>
  !(error instanceof pg.DatabaseError) || error.code === readOnlyCode;

const rejectLate = (): never => {
  throw new Error('no answer in time');
};

/**
 * A pool that detects open connections that are dead or lead to a demoted server, for example after a failover behind the same
 * address, or when a firewall has dropped them. An idle connection is tested before it is used, and after one such failure
 * every older connection is replaced.
 */
export class CheckedPostgresPool implements PostgresPool {
  readonly #pool: pg.Pool;
  /** When each connection last answered, `performance.now()`. */
  readonly #answeredMs = new WeakMap<pg.PoolClient, number>();
  /** Connections that have not answered since then are not trusted. */
  #doubtedMs = -Infinity;

  constructor(connectionString: string) {
    const timeouts = { connectionTimeoutMillis: connectTimeoutMs, query_timeout: queryTimeoutMs };
    this.#pool = new pg.Pool({ connectionString, max: maxConnections, ...timeouts });
    // The next query replaces an idle connection that the server closed; without a listener, the error would end the
    // process.
    this.#pool.on('error', () => undefined);
    this.#pool.on('connect', (client) => {
      // The same for a connection whose server disappears during a transaction: the next statement reports the failure.
      client.on('error', () => undefined);
      this.#answeredMs.set(client, performance.now());
    });
  }

  async connect(): Promise<PostgresPoolClient> {
    for (;;) {
      const client = await this.#pool.connect();
      if (await this.#answers(client)) return this.#watched(client);
      client.release(true);
    }
  }

  end(): Promise<void> {
    return this.#pool.end();
  }

  async #answers(client: pg.PoolClient): Promise<boolean> {
    const answeredMs = this.#answeredMs.get(client) ?? -Infinity;
    if (answeredMs <= this.#doubtedMs) return false;
    if (performance.now() - answeredMs < trustMs) return true;
    try {
      await withDeadline(client.query('select 1'), testTimeoutMs, rejectLate);
      this.#answeredMs.set(client, performance.now());
      return true;
    } catch {
      this.#doubtedMs = performance.now();
      return false;
    }
  }

  /** Closes the connection instead of returning it to the pool if a query shows that it is of no use. */
  #watched(client: pg.PoolClient): PostgresPoolClient {
    let isLost = false;
    const query = async (text: string, values: unknown[]): Promise<unknown> => {
      try {
        const result = await client.query(text, values);
        this.#answeredMs.set(client, performance.now());
        return result;
      } catch (error) {
        if (needsNewConnection(error)) {
          isLost = true;
          this.#doubtedMs = performance.now();
        }
        throw error;
      }
    };
    return { query: query as PostgresPoolClient['query'], release: () => client.release(isLost) };
  }
}
