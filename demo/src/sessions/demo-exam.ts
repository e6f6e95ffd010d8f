/** The exam that the demo's sessions belong to. */
export const demoExamId = 'demo-exam';
