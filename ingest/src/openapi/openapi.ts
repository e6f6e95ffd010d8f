import { STATUS_CODES as statusCodes } from 'node:http';
import * as v from 'valibot';
import { FeatureFrameSchema, IdSchema } from '@invigil/protocol/frame';
import {
  FeaturesWithTimeSchema,
  NewExamSchema,
  problemCodes,
  ServerSessionMessageSchema,
} from '@invigil/protocol/channels';
import { ReportSchema, ReviewRequestSchema, ReviewSchema } from '@invigil/protocol/report';
import type { ProblemCode } from '@invigil/protocol/channels';
import type { TableRole } from '../auth/access-roles.ts';
import { accessTable } from '../auth/access-table.ts';
import { statusOf } from '../http/problems/http-problem.ts';
import { description } from './description.ts';
import { answerExample, bodyExample } from './examples.ts';
import { ExamAnswerBodySchema, ExamStateSchema } from './exam-answers.ts';
import { SchemaWriter } from './json-schema.ts';
import type { JsonSchemas } from './json-schema.ts';
import { isPublic, parametersOf, problemsOf } from './operation.ts';
import type { Answer, Operation } from './operation.ts';
import { operations } from './operations.ts';
import { SdReportSchema } from './report-answers.ts';
import { runAtOnce } from '../time/run-in-slices.ts';

/** RFC 9457, with our code, the field that it concerns, and the id of the request in the log. */
const HttpProblemSchema = v.object({
  type: v.pipe(v.string(), v.description('`urn:invigil:problem:` and the code')),
  title: v.string(),
  status: v.number(),
  detail: v.string(),
  code: v.picklist(problemCodes),
  field: v.exactOptional(v.string()),
  request_id: v.pipe(
    v.exactOptional(v.string()),
    v.description('Names the request in the log; also in the header `X-Request-Id`'),
  ),
});

const inputSchemas = new SchemaWriter('input', 'draft-2020-12', {
  Features: FeaturesWithTimeSchema,
  FeatureFrame: FeatureFrameSchema,
  NewExam: NewExamSchema,
  ReviewRequest: ReviewRequestSchema,
});
const outputSchemas = new SchemaWriter('output', 'draft-2020-12', {
  Problem: HttpProblemSchema,
  Exam: ExamAnswerBodySchema,
  ExamState: ExamStateSchema,
  Report: ReportSchema,
  SdReport: SdReportSchema,
  Review: ReviewSchema,
  SessionMessage: ServerSessionMessageSchema,
});

/** More cost less in total, and take longer at once. */
const operationsPerStep = 6;

interface OpenapiResponse {
  description: string;
  headers?: Record<string, object>;
  content?: Record<string, { schema?: object; example?: unknown }>;
}

interface OpenapiOperation {
  operationId: string;
  tags: string[];
  summary: string;
  description: string;
  security: Record<string, string[]>[];
  parameters: { name: string; in: 'path' | 'query'; required: boolean; description: string; schema: object }[];
  requestBody?: { required: true; content: { 'application/json': { schema: object; example: unknown } } };
  responses: Record<string, OpenapiResponse>;
}

export interface OpenapiDocument {
  openapi: '3.1.0';
  info: object;
  servers: { url: string }[];
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, OpenapiOperation>>;
  components: { schemas: JsonSchemas; securitySchemes: object };
}

const tags: Record<string, string> = {
  sessions: 'One student’s proctored sessions.',
  reports: 'Observations with their arithmetic, and human reviews.',
  exams: 'A teacher’s actions on an exam.',
  'exam work':
    'A student’s work in an exam. An exam platform’s own server (role ADMIN) acts for a student with `student_id`.',
  presence: 'The agents in classrooms.',
  students: 'A student’s own data.',
  webhooks: 'Webhooks to other systems.',
  server: 'The server itself.',
};

const roleNames: Record<TableRole, string> = {
  anonymous: 'nobody’s',
  student: 'a student’s',
  personalLink: 'a personal link’s',
  sessionToken: 'a session’s',
  teacher: 'a teacher’s',
  admin: 'an admin’s',
};

/** Which tokens an operation accepts; docs/reference/authorisation.md has the details. */
const accessOf = (operation: Operation): string => {
  if (isPublic(operation)) return 'Needs no token.';
  const access = accessTable[operation.action];
  const roles = (Object.keys(roleNames) as TableRole[]).filter((role) => access[role] !== 'never');
  const text = new Intl.ListFormat('en', { type: 'disjunction' }).format(roles.map((role) => roleNames[role]));
  return `Accepts ${text} token, within its permissions.`;
};

const contentOf = ({ schema, otherTypes = [] }: Answer, example: unknown): OpenapiResponse['content'] => ({
  ...(schema === null
    ? {}
    : { 'application/json': { schema: outputSchemas.of(schema), ...(example === undefined ? {} : { example }) } }),
  ...Object.fromEntries(
    otherTypes.map((type) => [type, { schema: { type: type.endsWith('json') ? 'object' : 'string' } }]),
  ),
});

const answerOf = (answer: Answer, example: unknown): OpenapiResponse => {
  const headers = Object.entries(answer.headers ?? {}).map(([name, text]) => [
    name,
    { description: text, schema: { type: 'string' } },
  ]);
  const content = contentOf(answer, example) ?? {};
  return {
    description: answer.description,
    ...(headers.length === 0 ? {} : { headers: Object.fromEntries(headers) }),
    ...(Object.keys(content).length === 0 ? {} : { content }),
  };
};

const problemAnswers = (codes: readonly ProblemCode[]): Record<string, OpenapiResponse> => {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of codes) byStatus.set(statusOf[code], [...(byStatus.get(statusOf[code]) ?? []), code]);
  return Object.fromEntries(
    [...byStatus].map(([status, its]) => [
      String(status),
      {
        description: `${statusCodes[status]}: ${its.join(', ')}`,
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
};

const pathParameter = (name: string): OpenapiOperation['parameters'][number] => ({
  name,
  in: 'path',
  required: true,
  description: otherParameters[name] ?? 'An id',
  schema: name in otherParameters ? { type: 'string' } : inputSchemas.of(IdSchema),
});

/** Parameters that are not ids of ours. */
const otherParameters: Record<string, string> = {
  observation_id: 'Id of an observation in the report',
  delivery_id: 'Id of a delivery',
};

const describe = (operation: Operation): OpenapiOperation => ({
  operationId: operation.id,
  tags: [operation.tag],
  summary: operation.summary,
  description: [operation.description, accessOf(operation)].filter((text) => text !== undefined).join('\n\n'),
  security: isPublic(operation) ? [] : [{ token: [] }],
  parameters: [
    ...parametersOf(operation.path).map(pathParameter),
    ...Object.entries(operation.query ?? {}).map(([name, query]) => ({
      name,
      in: 'query' as const,
      required: query.required ?? false,
      description: query.description,
      schema: inputSchemas.of(query.schema),
    })),
  ],
  ...(operation.body === undefined
    ? {}
    : {
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: inputSchemas.of(operation.body),
              example: bodyExample(operation.method, operation.path),
            },
          },
        },
      }),
  responses: {
    ...Object.fromEntries(
      Object.entries(operation.answers).map(([status, answer]) => [
        status,
        answerOf(answer, answerExample(operation.method, operation.path, status)),
      ]),
    ),
    ...problemAnswers(problemsOf(operation)),
  },
});

const querySchemas = ({ query = {} }: Operation): v.GenericSchema[] => Object.values(query).map(({ schema }) => schema);
const answerSchemas = ({ answers }: Operation): v.GenericSchema[] =>
  Object.values(answers).flatMap(({ schema }) => (schema === null ? [] : [schema]));

/** The description of the HTTP interface, generated from the schemas of requests and responses, in steps of some milliseconds. */
export const openapiSteps = function* (): Generator<void, OpenapiDocument> {
  inputSchemas.add([IdSchema]);
  yield;
  for (let from = 0; from < operations.length; from += operationsPerStep) {
    const some = operations.slice(from, from + operationsPerStep);
    inputSchemas.add(
      some.flatMap((operation) => [...querySchemas(operation), ...(operation.body ? [operation.body] : [])]),
    );
    yield;
    outputSchemas.add(some.flatMap(answerSchemas));
    yield;
  }
  const paths: OpenapiDocument['paths'] = {};
  for (const operation of operations) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: describe(operation) };
    yield;
  }
  return {
    openapi: '3.1.0',
    info: {
      ...description('HTTP requests and responses. The WebSocket channels are described in `/asyncapi.json`.'),
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: Object.entries(tags).map(([name, text]) => ({ name, description: text })),
    paths,
    components: {
      schemas: { ...inputSchemas.components(), ...outputSchemas.components() },
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'A user’s token `{user_id, role, exp}`, or a session’s own. Not needed with `AUTH=dev`.',
        },
      },
    },
  };
};

export const openapiDocument = (): OpenapiDocument => runAtOnce(openapiSteps());
