import { crc32, deflateRawSync } from 'node:zlib';
import { type ReportText, SENT_AT_DIGITS } from './reporter.ts';

/**
 * A report compressed beforehand, whose `sentAt` is still to be stamped: what stands before it lies in the gzip stream as
 * it is (a stored block), so stamping costs a copy and a checksum. As interceptors do, by level 1.
 */
export interface PreparedReport {
  readonly service: number;
  readonly rows: number;
  readonly bytes: number;
  stamped(sentAt: number): Buffer;
}

const GZIP_HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 0xff]);
const STORED_HEADER_BYTES = 5;
const TRAILER_BYTES = 8;

export function prepareReport({ service, rows, beforeSentAt, afterSentAt }: ReportText): PreparedReport {
  const head = Buffer.from(beforeSentAt + '0'.repeat(SENT_AT_DIGITS));
  const tail = Buffer.from(afterSentAt);
  const stored = Buffer.alloc(STORED_HEADER_BYTES);
  stored.writeUInt16LE(head.length, 1);
  stored.writeUInt16LE(head.length ^ 0xffff, 3);
  const trailer = Buffer.alloc(TRAILER_BYTES);
  trailer.writeUInt32LE(head.length + tail.length, 4);
  const deflated = deflateRawSync(tail, { level: 1 });
  const bytes = GZIP_HEADER.length + stored.length + head.length + deflated.length + trailer.length;
  return {
    ...{ service, rows, bytes },
    stamped(sentAt) {
      head.write(String(sentAt), head.length - SENT_AT_DIGITS, 'latin1');
      trailer.writeUInt32LE(crc32(tail, crc32(head)), 0);
      return Buffer.concat([GZIP_HEADER, stored, head, deflated, trailer], bytes);
    },
  };
}
