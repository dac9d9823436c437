/** The spans of an ExportTraceServiceRequest (opentelemetry-proto, trace.proto), read by the wire format of protobuf alone. */
export interface DecodedSpan {
  readonly resource: { readonly [name: string]: string | number | boolean };
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  /** 2: SERVER, 3: CLIENT. */
  readonly kind: number;
  readonly startMicros: number;
  readonly endMicros: number;
  readonly attributes: { readonly [name: string]: string | number | boolean };
  readonly events: readonly { readonly name: string; readonly attributes: DecodedSpan['attributes'] }[];
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly status: { readonly code: number; readonly message: string };
}

export const decodeTraces = (body: Buffer): readonly DecodedSpan[] =>
  messages(body, 1).flatMap((resourceSpans) => {
    const [resource] = messages(resourceSpans, 1);
    const attributes = resource === undefined ? {} : attributesOf(resource, 1);
    return messages(resourceSpans, 2).flatMap((scopeSpans) =>
      messages(scopeSpans, 2).map((span) => spanOf(span, attributes)),
    );
  });

function spanOf(span: Buffer, resource: DecodedSpan['attributes']): DecodedSpan {
  const [status] = messages(span, 15);
  return {
    resource,
    traceId: bytes(span, 1).toString('hex'),
    spanId: bytes(span, 2).toString('hex'),
    parentSpanId: bytes(span, 4).toString('hex'),
    name: bytes(span, 5).toString(),
    kind: Number(one(span, 6) ?? 0),
    startMicros: microsOf(one(span, 7)),
    endMicros: microsOf(one(span, 8)),
    attributes: attributesOf(span, 9),
    events: messages(span, 11).map((event) => ({
      name: bytes(event, 2).toString(),
      attributes: attributesOf(event, 3),
    })),
    links: messages(span, 13).map((link) => ({
      traceId: bytes(link, 1).toString('hex'),
      spanId: bytes(link, 2).toString('hex'),
    })),
    status:
      status === undefined
        ? { code: 0, message: '' }
        : { code: Number(one(status, 3) ?? 0), message: bytes(status, 2).toString() },
  };
}

function attributesOf(message: Buffer, field: number): DecodedSpan['attributes'] {
  return Object.fromEntries(
    messages(message, field).map((pair) => [
      bytes(pair, 1).toString(),
      attributeOf(messages(pair, 2)[0] ?? Buffer.alloc(0)),
    ]),
  );
}

function attributeOf(value: Buffer): string | number | boolean {
  for (const [field, found] of fields(value)) {
    if (Buffer.isBuffer(found)) return field === 4 ? found.readDoubleLE() : found.toString();
    return field === 2 ? found === 1n : Number(found);
  }
  return '';
}

const microsOf = (value: bigint | Buffer | undefined): number =>
  Buffer.isBuffer(value) ? Number(value.readBigUInt64LE() / 1_000n) : 0;

const one = (message: Buffer, field: number) => fields(message).find(([number]) => number === field)?.[1];

const bytes = (message: Buffer, field: number): Buffer => {
  const found = one(message, field);
  return Buffer.isBuffer(found) ? found : Buffer.alloc(0);
};

const messages = (message: Buffer, field: number): readonly Buffer[] =>
  fields(message).flatMap(([number, value]) => (number === field && Buffer.isBuffer(value) ? [value] : []));

function fields(message: Buffer): readonly (readonly [number, bigint | Buffer])[] {
  const found: (readonly [number, bigint | Buffer])[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[at++];
      if (byte === undefined) throw new Error('cut off');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const slice = (length: number): Buffer => {
    if (at + length > message.length) throw new Error('cut off');
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const tag = Number(varint());
    const wire = tag & 7;
    if (wire === 0) found.push([tag >> 3, varint()]);
    else if (wire === 1) found.push([tag >> 3, slice(8)]);
    else if (wire === 2) found.push([tag >> 3, slice(Number(varint()))]);
    else if (wire === 5) found.push([tag >> 3, slice(4)]);
    else throw new Error(`no wire type ${wire}`);
  }
  return found;
}
