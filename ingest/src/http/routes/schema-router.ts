import { toJsonSchema } from '@valibot/to-json-schema';
import { Router } from 'express';
import { ReportSchema } from '@invigil/protocol/report';

/** `/api/v1/schemas/report.json`: the report's JSON Schema, generated from the schema that the server uses. */
export const schemaRouter = (): Router => {
  const router = Router();
  const report = JSON.stringify({
    $id: 'urn:invigil:schema:report',
    title: 'Report of a proctored session',
    ...toJsonSchema(ReportSchema, {
      target: 'draft-2020-12',
      // JSON has no non-finite numbers.
      ignoreActions: ['finite'],
      // JSON Schema can express a list of allowed keys (`propertyNames`); the converter does not support it for partial records.
      overrideSchema: ({ valibotSchema, jsonSchema }) => (valibotSchema.type === 'record' ? jsonSchema : null),
    }),
  });
  router.get('/report.json', (_request, response) => {
    response.set('Cache-Control', 'public, max-age=3600').type('application/schema+json').send(report);
  });
  return router;
};
