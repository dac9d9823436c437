export interface Place {
  /** host, or host:port. */
  readonly authority: string;
  readonly isTls: boolean;
}

export interface Move {
  readonly from: Place;
  readonly to: Place;
}

/** `location="http://host:port` of an address, an import or an include; wsa:Address and its like as an element's text. */
const ATTRIBUTE = /((?:[\w.-]+:)?address\b[^<>]{0,512}?\blocation\s*=\s*["'])(https?):\/\/([^/"'?#\s]{1,256})/gi;
const IMPORT = /(\b(?:schemaLocation|location)\s*=\s*["'])(https?):\/\/([^/"'?#\s]{1,256})/gi;
const ELEMENT = /(<(?:[\w.-]+:)?Address(?:\s[^<>]{0,512})?>\s{0,64})(https?):\/\/([^/<?#\s]{1,256})/g;

/**
 * Moves the service's own addresses in a WSDL or schema to where the callers reach it. Own is an address that names the target,
 * and, of the addresses of ports, also one with the target's port under whatever host: a service in a container knows itself
 * by names that nobody else does. What a port was called, its imports are called as well. All else stays.
 */
export function rewriteAddresses(text: string, { from, to }: Move): string {
  const target = full(from.authority, from.isTls);
  const reached = full(to.authority, to.isTls);
  const port = target.slice(target.lastIndexOf(':'));
  const own = new Set([target]);
  // The service echoes the Host header, and does not know by which scheme the proxy is reached.
  own.add(full(to.authority, from.isTls));
  const move = (isOwn: (authority: string) => boolean) => {
    return (whole: string, before: string, scheme: string, authority: string): string => {
      const named = full(authority, scheme.toLowerCase() === 'https');
      if (!isOwn(named) || (named === reached && scheme.toLowerCase() === schemeOf(to.isTls))) return whole;
      own.add(named);
      return `${before}${schemeOf(to.isTls)}://${to.authority}`;
    };
  };
  const ofPorts = (authority: string): boolean => own.has(authority) || authority.endsWith(port);
  const moved = text.replace(ATTRIBUTE, move(ofPorts)).replace(ELEMENT, move(ofPorts));
  return moved.replace(
    IMPORT,
    move((authority) => own.has(authority)),
  );
}

const schemeOf = (isTls: boolean): string => (isTls ? 'https' : 'http');

const full = (authority: string, isTls: boolean): string =>
  (/:\d+$/.test(authority) ? authority : `${authority}:${isTls ? 443 : 80}`).toLowerCase();
