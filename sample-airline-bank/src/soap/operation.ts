/** One value of a message, as both stacks take and give it. */
type Field = string | number | readonly Fields[];
export type Fields = { readonly [name: string]: Field };

/** A SOAP fault. `name` is the element that the WSDL declares for it; without one the fault is a plain text. */
export type Fault = {
  readonly blame: 'Client' | 'Server';
  readonly text: string;
  readonly declared?: { readonly name: string; readonly detail: Fields };
};

export type Reply =
  | { readonly kind: 'done'; readonly body: Fields }
  | { readonly kind: 'fault'; readonly fault: Fault };

/** What a service does, whatever stack carries it: the request is not yet checked, the reply is the WSDL's. */
export type Operation = (request: unknown) => Reply | Promise<Reply>;
export type Operations = Readonly<Record<string, Operation>>;

export function done(body: Fields): Reply {
  return { kind: 'done', body };
}

export function declaredFault(name: string, text: string, detail: Fields, blame: Fault['blame'] = 'Client'): Reply {
  return { kind: 'fault', fault: { blame, text, declared: { name, detail } } };
}

export function plainFault(text: string, blame: Fault['blame'] = 'Client'): Reply {
  return { kind: 'fault', fault: { blame, text } };
}

/**
 * Never throws and never rejects: what an operation throws becomes a fault. `strong-soap` calls operations without
 * waiting for a promise, so a rejection there would end the process.
 */
export async function perform(operation: Operation, request: unknown): Promise<Reply> {
  try {
    return await operation(request);
  } catch (error) {
    return plainFault(error instanceof Error ? error.message : String(error), 'Server');
  }
}
