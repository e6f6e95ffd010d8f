import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { ExamServer } from './exam-server.ts';

/** A page sends each frame as soon as it is recorded, and a frame is recorded five times a second. */
const frameEveryMs = 200;

/** Readings as a real page sends them, with some movement. */
const frame = (seq: number) => ({
  seq,
  timestamp: Date.now(),
  no_of_face: 1,
  face_x: 320 + (seq % 13),
  face_y: 240 + (seq % 7),
  face_w: 180,
  face_h: 180,
  face_conf: 96,
  head_yaw: 0.05 * Math.sin(seq / 9),
  head_pitch: 0.04 * Math.cos(seq / 11),
  head_roll: 0,
  head_pose: 'forward',
  gaze_direction: 'center',
  phone_conf: 0,
  hand_count: 0,
});

/** One student who takes the exam as a page does: frame by frame, the next one when the last was acknowledged. */
class HonestStudent {
  readonly #socket: WebSocket;
  readonly #acknowledgedMs: number[];
  readonly #timer: NodeJS.Timeout;
  #nextSeq = 0;
  #sentMs: number | null = null;
  wasClosed = false;

  constructor(url: string, acknowledgedMs: number[]) {
    this.#acknowledgedMs = acknowledgedMs;
    this.#socket = new WebSocket(url);
    this.#socket.on('message', (data: Buffer) => this.#receive(JSON.parse(data.toString()) as { type: string }));
    this.#socket.on('close', () => (this.wasClosed = true));
    this.#timer = setInterval(() => this.#send(), frameEveryMs);
  }

  opened(): Promise<unknown> {
    return once(this.#socket, 'open');
  }

  close(): void {
    clearInterval(this.#timer);
    this.#socket.close();
  }

  #send(): void {
    if (this.#sentMs !== null || this.#socket.readyState !== WebSocket.OPEN) return;
    const text = JSON.stringify({ type: 'batch', frames: [frame(this.#nextSeq++)], chain: null });
    this.#sentMs = performance.now();
    this.#socket.send(text);
  }

  #receive({ type }: { type: string }): void {
    if (type !== 'ack' || this.#sentMs === null) return;
    this.#acknowledgedMs.push(performance.now() - this.#sentMs);
    this.#sentMs = null;
  }
}

/** Students who do nothing wrong. Their frames are spread over time, as they joined one after the other. */
export class HonestStudents {
  /** From a frame to its acknowledgement, milliseconds. */
  readonly acknowledgedMs: number[] = [];
  readonly #students: HonestStudent[] = [];

  async join(exam: ExamServer, memberIds: readonly string[]): Promise<void> {
    for (const memberId of memberIds) {
      const { sessionId, token } = await exam.start(memberId);
      const student = new HonestStudent(
        exam.socketUrl(`/api/v1/session/ws/${sessionId}?token=${token}`),
        this.acknowledgedMs,
      );
      await student.opened();
      this.#students.push(student);
    }
  }

  /** Students whose connection was closed. */
  get closed(): number {
    return this.#students.filter(({ wasClosed }) => wasClosed).length;
  }

  close(): void {
    for (const student of this.#students) student.close();
  }
}
