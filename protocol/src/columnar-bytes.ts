/** Writes whole numbers and text into bytes that grow as needed. Varints are LEB128: 7 bits a byte, the lowest first. */
export interface ByteWriter {
  byte(value: number): void;
  /** 0 to 2^53 − 1. */
  unsigned(value: number): void;
  /** −(2^53 − 1) to 2^53 − 1: the lowest bit of the first byte is 1 for a negative number, 6 bits of it follow, then a varint of the rest. */
  signed(value: number): void;
  /** Its length in UTF-16 units, then each unit: a byte for each character of ASCII. */
  text(value: string): void;
  append(other: ByteWriter): void;
  readonly length: number;
  /** A view of what was written; the next write may change it. */
  bytes(): Uint8Array<ArrayBuffer>;
}

const VARINT_BYTES_MAX = 8;

export function createByteWriter(capacity = 256): ByteWriter {
  let bytes = new Uint8Array(capacity);
  let length = 0;
  const room = (more: number): void => {
    if (length + more <= bytes.length) return;
    const larger = new Uint8Array(Math.max(bytes.length * 2, length + more));
    larger.set(bytes);
    bytes = larger;
  };
  const unsigned = (value: number): void => {
    room(VARINT_BYTES_MAX);
    let rest = value;
    // Beyond 31 bits the bit operations would wrap around.
    while (rest > 0x7fffffff) {
      bytes[length++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    while (rest > 127) {
      bytes[length++] = (rest & 127) | 0x80;
      rest >>>= 7;
    }
    bytes[length++] = rest;
  };
  return {
    byte(value) {
      room(1);
      bytes[length++] = value;
    },
    unsigned,
    signed(value) {
      const magnitude = Math.abs(value);
      const first = (magnitude % 64) * 2 + (value < 0 ? 1 : 0);
      room(1);
      if (magnitude < 64) bytes[length++] = first;
      else {
        bytes[length++] = first | 0x80;
        unsigned(Math.floor(magnitude / 64));
      }
    },
    text(value) {
      unsigned(value.length);
      for (let index = 0; index < value.length; index++) unsigned(value.charCodeAt(index));
    },
    append(other) {
      room(other.length);
      bytes.set(other.bytes(), length);
      length += other.length;
    },
    get length() {
      return length;
    },
    bytes: () => bytes.subarray(0, length),
  };
}

/**
 * Reads what a ByteWriter wrote. It never throws and never reads beyond its end: the first thing that is not in order is
 * kept as the damage, and everything read from there on is 0 or empty.
 */
export interface ByteReader {
  byte(): number;
  unsigned(): number;
  signed(): number;
  text(): string;
  /** A count of things that take at least so many bytes each: never more than the rest can hold. */
  count(bytesEach: number): number;
  /** The next part, with its length before it. */
  part(): ByteReader;
  fail(reason: string): void;
  readonly left: number;
  /** Null while all is well; a part tells of its whole, and the whole of its parts. */
  readonly damage: string | null;
}

export function createByteReader(bytes: Uint8Array, damage: { reason: string | null } = { reason: null }): ByteReader {
  let at = 0;
  const fail = (reason: string): void => {
    damage.reason ??= reason;
    at = bytes.length;
  };
  const byte = (): number => {
    const value = bytes[at];
    if (value === undefined) {
      fail('it ends too early');
      return 0;
    }
    at++;
    return value;
  };
  const unsigned = (): number => {
    let value = byte();
    if (value < 128) return value;
    value &= 127;
    let scale = 128;
    for (let read = 1; read < VARINT_BYTES_MAX; read++) {
      const next = byte();
      value += (next & 127) * scale;
      if (next < 128) {
        if (value <= Number.MAX_SAFE_INTEGER) return value;
        break;
      }
      scale *= 128;
    }
    fail('a number is too large');
    return 0;
  };
  const count = (bytesEach: number): number => {
    const value = unsigned();
    if (value * bytesEach <= bytes.length - at) return value;
    fail('it says that it holds more than it can');
    return 0;
  };
  return {
    byte,
    unsigned,
    signed() {
      const first = byte();
      const magnitude = ((first & 127) >> 1) + (first < 128 ? 0 : unsigned() * 64);
      if (magnitude > Number.MAX_SAFE_INTEGER) fail('a number is too large');
      return (first & 1) === 1 && magnitude > 0 ? -magnitude : magnitude;
    },
    text() {
      const units = count(1);
      let value = '';
      for (let index = 0; index < units; index++) {
        const unit = unsigned();
        if (unit > 0xffff) fail('a character is none');
        value += String.fromCharCode(unit);
      }
      return damage.reason === null ? value : '';
    },
    count,
    part() {
      const length = count(1);
      const begin = at;
      at += length;
      return createByteReader(bytes.subarray(begin, at), damage);
    },
    fail,
    get left() {
      return bytes.length - at;
    },
    get damage() {
      return damage.reason;
    },
  };
}
