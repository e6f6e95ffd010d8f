import { Router } from 'express';
import type { ReportList } from '../../reports/report-list.ts';
import type { Authorizer } from '../middleware/authorize.ts';

export interface RuleOutcomesRouterOptions {
  list: ReportList;
  authorizer: Authorizer;
}

/** `/api/v1/rule-outcomes`: what reviewers decided about each rule's alerts, by version of the rules. */
export const ruleOutcomesRouter = ({ list, authorizer }: RuleOutcomesRouterOptions): Router => {
  const router = Router();
  router.get('/', async (request, response) => {
    const { userId, role } = await authorizer.authorize(request, 'rules.judge', null);
    response.json({ rules: await list.ruleOutcomes(role === 'ADMIN' ? null : userId) });
  });
  return router;
};
