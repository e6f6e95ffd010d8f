/** Arguments for a Node process that runs a TypeScript program of this repository with the packages as built. */
export const typescriptArguments: readonly string[] = ['--import', '@oxc-node/core/register'];

/** The same with the sources of the packages. */
export const sourceArguments: readonly string[] = [...typescriptArguments, '-C', '@invigil/source'];
