/**
 * Reads tables of a FlatBuffer by the number of their fields (https://flatbuffers.dev/internals/). Offsets are positions in
 * the whole buffer; an absent field is null.
 */
export class FlatBuffer {
  readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  get root() {
    return this.bytes.readUInt32LE(0);
  }

  /** @returns the position of its value, or of the offset to its value */
  at(table: number, field: number): number | null {
    const vtable = table - this.bytes.readInt32LE(table);
    const slot = 4 + 2 * field;
    if (slot >= this.bytes.readUInt16LE(vtable)) return null;
    const offset = this.bytes.readUInt16LE(vtable + slot);
    return offset === 0 ? null : table + offset;
  }

  byte(table: number, field: number, absent: number = 0) {
    const at = this.at(table, field);
    return at === null ? absent : this.bytes.readInt8(at);
  }

  int(table: number, field: number, absent: number = 0) {
    const at = this.at(table, field);
    return at === null ? absent : this.bytes.readInt32LE(at);
  }

  table(table: number, field: number) {
    const at = this.at(table, field);
    return at === null ? null : this.#referred(at);
  }

  tables(table: number, field: number) {
    const { at, length } = this.#vector(table, field);
    return Array.from({ length }, (_, i) => this.#referred(at + 4 * i));
  }

  ints(table: number, field: number) {
    const { at, length } = this.#vector(table, field);
    return Array.from({ length }, (_, i) => this.bytes.readInt32LE(at + 4 * i));
  }

  data(table: number, field: number) {
    const { at, length } = this.#vector(table, field);
    return this.bytes.subarray(at, at + length);
  }

  #vector(table: number, field: number) {
    const at = this.table(table, field);
    return at === null ? { at: 0, length: 0 } : { at: at + 4, length: this.bytes.readUInt32LE(at) };
  }

  #referred(at: number) {
    return at + this.bytes.readUInt32LE(at);
  }
}
