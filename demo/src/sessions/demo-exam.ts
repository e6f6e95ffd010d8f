/** The exam that the demo's sittings belong to. */
export const demoExamId = 'demo-exam';
