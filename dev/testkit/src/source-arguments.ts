/** Arguments for a Node process or thread that runs a TypeScript program of this repository with the sources of the packages. */
export const sourceArguments: readonly string[] = ['--import', '@oxc-node/core/register', '-C', '@invigil/source'];
