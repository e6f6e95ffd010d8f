/** Runs tasks one after the other: of answers that each hold the whole state, the last to arrive is then the newest. */
export class TaskQueue {
  #last: Promise<unknown> = Promise.resolve();

  add<Value>(task: () => Promise<Value>): Promise<Value> {
    const result = this.#last.then(task, task);
    this.#last = result;
    return result;
  }
}
