import type {
  KyselyPlugin,
  PluginTransformQueryArgs,
  PluginTransformResultArgs,
  QueryResult,
  RootOperationNode,
} from 'kysely';
import type { UnknownRow } from 'kysely';

/** Notes whether any statement of an operation may have written. */
export class WriteWatch implements KyselyPlugin {
  hasWritten = false;

  transformQuery({ node }: PluginTransformQueryArgs): RootOperationNode {
    // A raw statement counts as a write, because its text is not examined.
    if (node.kind !== 'SelectQueryNode') this.hasWritten = true;
    return node;
  }

  async transformResult({ result }: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    return result;
  }
}
