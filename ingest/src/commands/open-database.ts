import { openRecords } from '../compose/stores.ts';
import type { Config } from '../config.ts';
import type { RecordsDatabase } from '../records/records-database.ts';

/** Opens the records, runs the work and closes them. A running server may use the same records at the same time. */
export const withRecords = async <Result>(
  config: Config,
  work: (database: RecordsDatabase) => Promise<Result>,
): Promise<Result> => {
  const database = openRecords(config, () => undefined);
  try {
    return await work(database);
  } finally {
    await database.close();
  }
};
