import { examReportOperations } from './exam-report-operations.ts';
import { examOperations } from './exam-operations.ts';
import { examSetupOperations } from './exam-setup-operations.ts';
import { examStudentOperations } from './exam-student-operations.ts';
import { keepingOperations } from './keeping-operations.ts';
import { cameraOperations } from './camera-operations.ts';
import type { Operation } from './operation.ts';
import { reportOperations } from './report-operations.ts';
import { serverOperations } from './server-operations.ts';
import { sessionOperations } from './session-operations.ts';

/** Every route of the server. A test compares it with the running server's routes. */
export const operations: readonly Operation[] = [
  ...sessionOperations,
  ...cameraOperations,
  ...reportOperations,
  ...examReportOperations,
  ...examOperations,
  ...examSetupOperations,
  ...examStudentOperations,
  ...keepingOperations,
  ...serverOperations,
];
