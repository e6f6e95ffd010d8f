import { systemActors } from '../model/system-actor.ts';
import type { GuidanceAct } from '../records/guidance-records.ts';
import type { ControlAction } from './assessment-control.ts';

/** What a proctor's act means for the assessment; null for nothing. The text of a note stays here. */
export const controlActionOf = (act: GuidanceAct, at: string): ControlAction | null => {
  const common = { incidentTime: at, severity: 0 };
  switch (act.action) {
    case 'session.message':
      return null;
    case 'session.flag':
      return { ...common, action: 'flag', reasonCode: 'proctor_note' };
    case 'session.break':
      return act.detail.action === 'begin'
        ? { ...common, action: 'pause', reasonCode: 'break' }
        : { ...common, action: 'resume', reasonCode: 'break' };
    case 'session.extra_time':
      return { ...common, action: 'update', reasonCode: 'extra_time', extraTimeMinutes: act.detail.minutes };
  }
};

const systemReasons: ReadonlyMap<string | null, string> = new Map([
  [systemActors.examOver, 'exam_over'],
  [systemActors.sweep, 'session_expired'],
]);

/** Why a session ended, for the platform. @param actor who ended it */
export const endReasonOf = (actor: string | null, studentId: string | null): string =>
  systemReasons.get(actor) ?? (actor !== null && actor === studentId ? 'ended_by_student' : 'ended_by_proctor');
