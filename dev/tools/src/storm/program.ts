/** The storm itself, compiled and run by `main.ts`. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '@invigil/testkit/services/postgres-service';
import { startRedis } from '@invigil/testkit/services/redis-service';
import { commandLine, numberOption, runCommand, usageError } from '../command/command-line.ts';
import { demandOpenFiles } from './open-files.ts';
import { runStorm } from './storm.ts';

const usage = `npm run storm -- [--clients N] [--services] [--workers N] [--limit SECONDS] [--json]

Connects clients with the page's own connection, which send a frame a second each, kills the server with SIGKILL, starts it again, and
measures when each client is registered again and has its next frame acknowledged.

  --clients N        1 to 20,000 (default 1000)
  --services         the server uses Redis and PostgreSQL, started here (default: SQLite)
  --workers N        processes of the server; needs --services (default 1)
  --limit SECONDS    clients that take longer count as missing (default 20)
  --json             prints the figures as one object on the last line
  --help             this text

Exit code 0: every client was back in time and every frame was acknowledged. 1: not. 2: the command was not understood.`;

const wholeNumber = (name: string, text: string, max: number): number =>
  numberOption(name, text, { min: 1, max, integer: true });

/** Raises the server's limits per address, because all clients here share one. */
const limitsFor = (clients: number): Record<string, string> => ({
  MAX_CONNECTIONS: String(Math.max(20_000, clients)),
  MAX_CONNECTIONS_PER_ADDRESS: String(Math.max(20_000, clients)),
  LOG_LEVEL: 'info',
});

await runCommand(async () => {
  const [text, flag] = [{ type: 'string' } as const, { type: 'boolean' } as const];
  const options = { clients: text, services: flag, workers: text, limit: text, json: flag };
  const { values } = commandLine(usage, options);
  const clients = wholeNumber('clients', values.clients ?? '1000', 20_000);
  const workers = wholeNumber('workers', values.workers ?? '1', 64);
  if (workers > 1 && values.services !== true) throw usageError('--workers needs --services', usage);
  const limitMs = wholeNumber('limit', values.limit ?? '20', 600) * 1000;
  demandOpenFiles(clients);
  const folder = await mkdtemp(join(tmpdir(), 'invigil-storm-'));
  const services = values.services ? { redis: await startRedis(), postgres: await startPostgres() } : null;
  const urls: Record<string, string> =
    services === null ? {} : { REDIS_URL: services.redis.url, DATABASE_URL: services.postgres.url };
  try {
    const figures = await runStorm({
      clients,
      folder,
      environment: { ...limitsFor(clients), ...urls, WORKERS: String(workers) },
      limitMs,
      onProgress: (line) => console.error(line),
    });
    const { registered, acknowledged, missing, frames_not_acknowledged: frames } = figures;
    console.error(
      `listening after ${figures.listening_ms} ms; registered p50 ${registered.p50_ms}, p99 ${registered.p99_ms}, max ${registered.max_ms} ms; ` +
        `acknowledged p50 ${acknowledged.p50_ms}, p99 ${acknowledged.p99_ms}, max ${acknowledged.max_ms} ms; ${missing} clients missing, ` +
        `${frames} of ${figures.frames} frames not acknowledged; CPU: server ${figures.server_cpu_ms} ms, clients ${figures.clients_cpu_ms} ms`,
    );
    if (values.json) console.log(JSON.stringify(figures));
    process.exitCode = missing === 0 && frames === 0 ? 0 : 1;
  } finally {
    await services?.redis.stop();
    await services?.postgres.remove();
    await rm(folder, { recursive: true, force: true });
  }
});
// Clients that were not back keep trying.
process.exit();
