/** Addresses, shared secrets and folders, all from the environment. */
export interface Settings {
  port: number;
  /** Origin of the proctoring server. */
  proctorUrl: string;
  /** The proctoring server's JWT_SECRET, with which this server signs its own tokens. */
  jwtSecret: string;
  /** The proctoring server's WEBHOOK_SECRET, `whsec_…`. */
  webhookSecret: string;
  /** What a teacher sends as `Authorization: Bearer …` to read reports. */
  teacherKey: string;
  examId: string;
  /** Folder of the exam's pages; null if another server has them. */
  pages: string | null;
  /** Folder that `npx invigil-assets` wrote; null if the pages bring the engine with them. */
  assets: string | null;
}

const required = (environment: NodeJS.ProcessEnv, name: string): string => {
  const value = environment[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set; see the README`);
  return value;
};

/** @throws an error that names the missing setting */
export const readSettings = (environment: NodeJS.ProcessEnv): Settings => ({
  port: Number(environment['PORT'] ?? 8080),
  proctorUrl: required(environment, 'INVIGIL_URL').replace(/\/$/, ''),
  jwtSecret: required(environment, 'INVIGIL_JWT_SECRET'),
  webhookSecret: required(environment, 'INVIGIL_WEBHOOK_SECRET'),
  teacherKey: required(environment, 'TEACHER_KEY'),
  examId: environment['EXAM_ID'] ?? 'geography-1',
  pages: environment['PAGES'] ?? null,
  assets: environment['INVIGIL_ASSETS'] ?? null,
});
