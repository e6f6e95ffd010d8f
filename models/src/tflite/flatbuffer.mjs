/**
 * Reads tables of a FlatBuffer by the number of their fields (https://flatbuffers.dev/internals/). Offsets are positions in
 * the whole buffer; an absent field is null.
 */
export class FlatBuffer {
  /** @param {Buffer} bytes */
  constructor(bytes) {
    this.bytes = bytes;
  }

  get root() {
    return this.bytes.readUInt32LE(0);
  }

  /**
   * @param {number} table
   * @param {number} field
   * @returns {number | null} where its value, or the offset to it, stands
   */
  at(table, field) {
    const vtable = table - this.bytes.readInt32LE(table);
    const slot = 4 + 2 * field;
    if (slot >= this.bytes.readUInt16LE(vtable)) return null;
    const offset = this.bytes.readUInt16LE(vtable + slot);
    return offset === 0 ? null : table + offset;
  }

  /** @param {number} table @param {number} field @param {number} absent */
  byte(table, field, absent = 0) {
    const at = this.at(table, field);
    return at === null ? absent : this.bytes.readInt8(at);
  }

  /** @param {number} table @param {number} field @param {number} absent */
  int(table, field, absent = 0) {
    const at = this.at(table, field);
    return at === null ? absent : this.bytes.readInt32LE(at);
  }

  /** @param {number} table @param {number} field */
  table(table, field) {
    const at = this.at(table, field);
    return at === null ? null : this.#referred(at);
  }

  /** @param {number} table @param {number} field */
  tables(table, field) {
    const { at, length } = this.#vector(table, field);
    return Array.from({ length }, (_, i) => this.#referred(at + 4 * i));
  }

  /** @param {number} table @param {number} field */
  ints(table, field) {
    const { at, length } = this.#vector(table, field);
    return Array.from({ length }, (_, i) => this.bytes.readInt32LE(at + 4 * i));
  }

  /** @param {number} table @param {number} field */
  data(table, field) {
    const { at, length } = this.#vector(table, field);
    return this.bytes.subarray(at, at + length);
  }

  /** @param {number} table @param {number} field */
  #vector(table, field) {
    const at = this.table(table, field);
    return at === null ? { at: 0, length: 0 } : { at: at + 4, length: this.bytes.readUInt32LE(at) };
  }

  /** @param {number} at */
  #referred(at) {
    return at + this.bytes.readUInt32LE(at);
  }
}
