import type { ProctorError } from '../../errors/proctor-error.ts';
import type { Lack } from '../../proctor/missing-part.ts';
import type { ProctorState } from '../../proctor/state.ts';
import type { Stage } from './stage.ts';

const failedStage = ({ reason, detail }: ProctorError, lack: Lack | undefined): Stage => ({
  stage: 'failed',
  reason,
  detail,
  ...(lack === undefined ? {} : { lack }),
});

/** The stage for a proctor's state; null if the state does not change it. */
export const stageOf = (state: ProctorState): Stage | null => {
  switch (state.state) {
    case 'preparing':
      return { stage: 'preparing', progress: state.progress };
    case 'running':
      return {
        stage: 'running',
        sinceMs: state.sinceMs,
        breakSinceMs: state.breakSinceMs,
        capabilities: state.engine?.capabilities ?? null,
        missing: state.missing,
      };
    case 'ending':
      return { stage: 'ending' };
    case 'closed':
      return { stage: 'closed', reason: state.reason, result: state.result };
    case 'failed':
      return failedStage(state.error, state.lack);
    default:
      return null;
  }
};
