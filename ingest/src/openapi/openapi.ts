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
import { accessTable } from '../auth/access-table.ts';
import type { TableRole } from '../auth/access-table.ts';
import { statusOf } from '../http/problems/http-problem.ts';
import { description } from './description.ts';
import { ExamAnswerBodySchema, ExamStateSchema } from './exam-answers.ts';
import { SchemaWriter } from './json-schema.ts';
import type { JsonSchemas } from './json-schema.ts';
import { isOpen, parametersOf, problemsOf } from './operation.ts';
import type { Answer, Operation } from './operation.ts';
import { operations } from './operations.ts';
import { SdReportSchema } from './report-answers.ts';

/** RFC 9457, with our code and the field it is about. */
const HttpProblemSchema = v.object({
  type: v.pipe(v.string(), v.description('`urn:invigil:problem:` and the code')),
  title: v.string(),
  status: v.number(),
  detail: v.string(),
  code: v.picklist(problemCodes),
  field: v.exactOptional(v.string()),
});

const asked = new SchemaWriter('input', 'draft-2020-12', {
  Features: FeaturesWithTimeSchema,
  FeatureFrame: FeatureFrameSchema,
  NewExam: NewExamSchema,
  ReviewRequest: ReviewRequestSchema,
});
const told = new SchemaWriter('output', 'draft-2020-12', {
  Problem: HttpProblemSchema,
  Exam: ExamAnswerBodySchema,
  ExamState: ExamStateSchema,
  Report: ReportSchema,
  SdReport: SdReportSchema,
  Review: ReviewSchema,
  SessionMessage: ServerSessionMessageSchema,
});

export interface OpenapiResponse {
  description: string;
  headers?: Record<string, object>;
  content?: Record<string, { schema?: object }>;
}

export interface OpenapiOperation {
  operationId: string;
  tags: string[];
  summary: string;
  description: string;
  security: Record<string, string[]>[];
  parameters: { name: string; in: 'path' | 'query'; required: boolean; description: string; schema: object }[];
  requestBody?: { required: true; content: { 'application/json': { schema: object } } };
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
  reports: 'What was observed, with its arithmetic, and what humans say of it.',
  exams: 'What teachers do with an exam.',
  'exam work':
    'What students do in it. An exam platform’s own server (role ADMIN) acts in a student’s name with `student_id`.',
  presence: 'Who is there.',
  students: 'A student’s own data.',
  webhooks: 'What other systems are told.',
  server: 'The server itself.',
};

const roleWords: Record<TableRole, string> = {
  anonymous: 'nobody’s',
  student: 'a student’s',
  sessionToken: 'a session’s',
  teacher: 'a teacher’s',
  admin: 'an admin’s',
};

/** Whose tokens reach it; docs/reference/authorisation.md says how far. */
const reachOf = (operation: Operation): string => {
  if (isOpen(operation)) return 'Open to everybody.';
  const access = accessTable[operation.action];
  const roles = (Object.keys(roleWords) as TableRole[]).filter((role) => access[role] !== 'never');
  const words = new Intl.ListFormat('en', { type: 'disjunction' }).format(roles.map((role) => roleWords[role]));
  return `With ${words} token, as far as it reaches.`;
};

const contentOf = ({ schema, otherTypes = [] }: Answer): OpenapiResponse['content'] => ({
  ...(schema === null ? {} : { 'application/json': { schema: told.of(schema) } }),
  ...Object.fromEntries(
    otherTypes.map((type) => [type, { schema: { type: type.endsWith('json') ? 'object' : 'string' } }]),
  ),
});

const answerOf = (answer: Answer): OpenapiResponse => {
  const headers = Object.entries(answer.headers ?? {}).map(([name, words]) => [
    name,
    { description: words, schema: { type: 'string' } },
  ]);
  const content = contentOf(answer) ?? {};
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
  description: pathWords[name] ?? 'An id',
  schema: name in pathWords ? { type: 'string' } : asked.of(IdSchema),
});

/** Parameters that are no ids of ours. */
const pathWords: Record<string, string> = {
  observation_id: 'The id of an observation of the report',
  delivery_id: 'The id of a delivery',
};

const describe = (operation: Operation): OpenapiOperation => ({
  operationId: operation.id,
  tags: [operation.tag],
  summary: operation.summary,
  description: [operation.description, reachOf(operation)].filter((words) => words !== undefined).join('\n\n'),
  security: isOpen(operation) ? [] : [{ token: [] }],
  parameters: [
    ...parametersOf(operation.path).map(pathParameter),
    ...Object.entries(operation.query ?? {}).map(([name, query]) => ({
      name,
      in: 'query' as const,
      required: query.required ?? false,
      description: query.description,
      schema: asked.of(query.schema),
    })),
  ],
  ...(operation.body === undefined
    ? {}
    : { requestBody: { required: true, content: { 'application/json': { schema: asked.of(operation.body) } } } }),
  responses: {
    ...Object.fromEntries(Object.entries(operation.answers).map(([status, answer]) => [status, answerOf(answer)])),
    ...problemAnswers(problemsOf(operation)),
  },
});

/** The description of the HTTP interface, made from the schemas that the server reads with. */
export const openapiDocument = (): OpenapiDocument => {
  const paths: OpenapiDocument['paths'] = {};
  for (const operation of operations) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: describe(operation) };
  }
  return {
    openapi: '3.1.0',
    info: {
      ...description('Requests and answers. The WebSocket channels are described in `/asyncapi.json`.'),
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: Object.entries(tags).map(([name, words]) => ({ name, description: words })),
    paths,
    components: {
      schemas: { ...asked.components(), ...told.components() },
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
