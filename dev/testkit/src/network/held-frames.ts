import { Transform } from 'node:stream';

/** Bytes of the mask that each frame of a client has. */
const maskBytes = 4;

/** Length of the first frame in bytes; null while its header is incomplete. See RFC 6455, section 5.2. */
const frameBytes = (bytes: Buffer): number | null => {
  if (bytes.length < 2) return null;
  const short = bytes.readUInt8(1) & 0x7f;
  if (short < 126) return 2 + maskBytes + short;
  if (short === 126) return bytes.length < 4 ? null : 4 + maskBytes + bytes.readUInt16BE(2);
  return bytes.length < 10 ? null : 10 + maskBytes + Number(bytes.readBigUInt64BE(2));
};

/** Passes the WebSocket frames of a client, but holds those with more bytes than this. */
export const largeFramesHeld = (overBytes: number): Transform => {
  let pending = Buffer.alloc(0);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      pending = Buffer.concat([pending, chunk]);
      for (;;) {
        const length = frameBytes(pending);
        if (length === null || pending.length < length) break;
        if (length <= overBytes) this.push(pending.subarray(0, length));
        pending = pending.subarray(length);
      }
      done();
    },
  });
};
