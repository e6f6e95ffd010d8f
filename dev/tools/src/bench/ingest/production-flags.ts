/** Node's arguments in `npm start`. For bare loops and load generators as well, so that comparisons are fair. */
export const productionFlags: readonly string[] = [
  '--max-semi-space-size=64',
  '--v8-pool-size=1',
  '--heap-growing-percent=200',
];
