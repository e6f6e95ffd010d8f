import type { Report, Review } from '@invigil/protocol/report';
import type { ObservationType } from '@invigil/protocol/rules';

type Mark = Review['observations'][number]['mark'];

/** Counts of one type of observation. An alert's mark is the mark of its observation. */
interface TypeSummary {
  type: ObservationType;
  observations: number;
  seconds: number;
  marks: Record<Mark, number>;
  alerts: number;
  alertMarks: Record<Mark, number>;
}

/** The figures of a report that a list shows. Null: the report does not state it. */
export interface ReportSummary {
  risk: number | null;
  durationS: number | null;
  observedS: number | null;
  liveS: number | null;
  lateS: number | null;
  coverageShare: number | null;
  violations: number;
  types: TypeSummary[];
}

const noMarks = (): Record<Mark, number> => ({ confirmed: 0, dismissed: 0, unsure: 0 });

/** @param report as stored, perhaps by an earlier server; missing parts are unknown @param marks the newest mark of each observation */
export const summaryOf = (report: Partial<Report>, marks: ReadonlyMap<string, Mark>): ReportSummary => {
  const { coverage = null } = report;
  return {
    risk: report.risk?.value ?? null,
    durationS: coverage?.duration_s ?? null,
    observedS: coverage?.observed_s ?? null,
    liveS: coverage?.live_s ?? null,
    lateS: coverage?.late_s ?? null,
    coverageShare: coverage?.live_share ?? coverage?.share ?? null,
    violations: report.violations?.total ?? 0,
    types: typesOf(report, marks),
  };
};

const typesOf = (report: Partial<Report>, marks: ReadonlyMap<string, Mark>): TypeSummary[] => {
  const types = new Map<ObservationType, TypeSummary>();
  const of = (type: ObservationType): TypeSummary => {
    const known = types.get(type) ?? {
      type,
      observations: 0,
      seconds: 0,
      marks: noMarks(),
      alerts: 0,
      alertMarks: noMarks(),
    };
    types.set(type, known);
    return known;
  };
  for (const { id, type, duration_s: seconds } of report.observations ?? []) {
    const summary = of(type);
    const mark = marks.get(id);
    summary.observations += 1;
    summary.seconds += seconds;
    if (mark !== undefined) summary.marks[mark] += 1;
  }
  for (const { observation_id: id, type } of report.alerts ?? []) {
    const summary = of(type);
    const mark = marks.get(id);
    summary.alerts += 1;
    if (mark !== undefined) summary.alertMarks[mark] += 1;
  }
  return [...types.values()];
};
