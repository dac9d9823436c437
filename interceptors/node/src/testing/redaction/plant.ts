import { cdata, disguiseAttribute, disguiseText, escapeAll } from './disguise.ts';
import type { Random } from './random.ts';
import {
  createCard,
  createHarmlessNumber,
  createIban,
  createMarker,
  createTicket,
  grouped,
  type Secret,
} from './secrets.ts';

/** What was put into a message. */
export interface Planting {
  readonly random: Random;
  readonly secrets: Secret[];
  /** What must be shown where the whole message is. */
  readonly harmless: string[];
  /** How many values the piece stands in: below three, what is harmless must survive. */
  readonly nesting: number;
}

export const USER_NAMESPACE = 'urn:user:rules';

const SECURITY_NAMESPACES = [
  'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd',
  'http://docs.oasis-open.org/wss/oasis-wss-wssecurity-secext-1.1.xsd',
  'http://schemas.xmlsoap.org/ws/2003/06/secext',
] as const;

type Place = (planting: Planting) => string;

/** One piece of XML that may stand in an element, with nothing, something harmless, or a secret in it. */
export function plantPiece(planting: Planting): string {
  const { random } = planting;
  return random.pick(random.chance(0.4) ? HARMLESS : SECRET)(planting);
}

const harmlessWord = ({ random, harmless }: Planting): string => {
  const word = `ok${random.word(12)}`;
  harmless.push(word);
  return word;
};

const secretText = ({ random, secrets }: Planting): string => {
  const marker = createMarker(random);
  secrets.push(marker);
  return (
    random.pick(['', '', 'p@ss', '<&>', ']]>', 'é', '\n  ']) + marker.plain + random.pick(['', '', '"', "'&", ' '])
  );
};

const pattern = ({ random, secrets }: Planting): string => {
  const secret = random.pick([createCard, createCard, createIban, createTicket])(random);
  secrets.push(secret);
  if (secret.kind === 'ticket') return secret.plain;
  const written = random.chance(0.2) && secret.kind === 'iban' ? secret.plain.toLowerCase() : secret.plain;
  return grouped(random, written);
};

const HARMLESS: readonly Place[] = [
  (planting) => `<city>${disguiseText(planting.random, harmlessWord(planting))}</city>`,
  (planting) => `<o:stop xmlns:o="urn:other" note=${disguiseAttribute(planting.random, harmlessWord(planting))}/>`,
  (planting) => `<PasswordPolicy tokenType="urn:t">${harmlessWord(planting)}</PasswordPolicy>`,
  ({ random, harmless }) => {
    const number = createHarmlessNumber(random);
    harmless.push(number);
    return `<order>${number}</order>`;
  },
  // The same local name as the user's, in another namespace.
  (planting) => `<ref xmlns="urn:not:user">${harmlessWord(planting)}</ref>`,
  (planting) => `<m>\n  ${harmlessWord(planting)} 1 &lt; 2 <b/> ${harmlessWord(planting)}</m>`,
];

const NAMES = [
  ...['password', 'Password', 'PASSWD', 'userPassword', 'new_password', 'pwd', 'secret', 'clientSecret', 'apiKey'],
  ...['API-KEY', 'token', 'accessToken', 'pin', 'cardPin', 'CVV', 'cvc2', 'Authorization', 'passwordHash'],
  ...['BinarySecurityToken', 'Nonce', 'SignatureValue', 'DigestValue', 'CipherValue', 'KeyIdentifier'],
  ...['SecurityContextToken', 'EncryptedKey', 'X509Certificate', 'sessionId', 'credentials'],
] as const;

/** Some prefix, or none, and its declaration; the namespace's address now and then by references. */
function qualified({ random }: Planting, namespace: string): { name: (local: string) => string; declaration: string } {
  const written = random.chance(0.2) ? namespace.replace('o', '&#111;').replace('s', '&#x73;') : namespace;
  if (random.chance(0.3)) return { name: (local) => local, declaration: ` xmlns="${written}"` };
  const prefix = random.pick(['p', 'wsse', 's', 'x1', 'a.b-c', 'ns0']);
  return { name: (local) => `${prefix}:${local}`, declaration: ` xmlns:${prefix}='${written}'` };
}

/** Whatever may stand in an element that is removed: texts, children, attributes, all of them secret. */
function secretContent(planting: Planting): string {
  const { random } = planting;
  const text = (): string => disguiseText(random, secretText(planting));
  const way = random.below(6);
  if (way < 3) return text();
  if (way === 3) return `${text()}<x>${text()}</x>${text()}`;
  if (way === 4) return `<x y=${disguiseAttribute(random, secretText(planting))}><z><![CDATA[<q>]]></z></x>`;
  return `<password xmlns="">${text()}<password/>${text()}</password>`;
}

function attributes(planting: Planting): string {
  if (planting.random.chance(0.7)) return '';
  return ` Type=${disguiseAttribute(planting.random, secretText(planting))}`;
}

const byName: Place = (planting) => {
  const local = planting.random.pick(NAMES);
  const { name, declaration } = qualified(planting, planting.random.pick(['urn:a', 'urn:b', 'urn:secrets']));
  return `<${name(local)}${declaration}${attributes(planting)}>${secretContent(planting)}</${name(local)}>`;
};

const byAttribute: Place = (planting) => {
  const { random } = planting;
  const value = disguiseAttribute(random, secretText(planting));
  const gap = random.pick(['', ' ', '\n\t']);
  return `<login city=${disguiseAttribute(random, harmlessWord(planting))} ${random.pick(NAMES)}${gap}=${gap}${value}${gap}/>`;
};

const byUser: Place = (planting) => {
  const { name, declaration } = qualified(planting, USER_NAMESPACE);
  if (planting.random.chance(0.3)) {
    return `<${name('n')}${declaration} ref=${disguiseAttribute(planting.random, secretText(planting))}/>`;
  }
  return `<${name('ref')}${declaration}${attributes(planting)}>${secretContent(planting)}</${name('ref')}>`;
};

/** A header whose edition of WS-Security nobody has heard of: its place tells what it is. */
export const unknownSecurity: Place = (planting) =>
  `<Security xmlns="urn:${planting.random.word(5)}"><Username>${secretContent(planting)}</Username></Security>`;

const bySecurity: Place = (planting) => {
  const { random } = planting;
  const { name, declaration } = qualified(planting, random.pick(SECURITY_NAMESPACES));
  const locals = ['UsernameToken', 'Username', 'Password', 'SecurityTokenReference', 'Reference', 'anything'] as const;
  let inner = '';
  for (let i = random.below(3); i >= 0; i--) {
    const local = name(random.pick(locals));
    inner += `<${local}${attributes(planting)}>${secretContent(planting)}</${local}>`;
  }
  if (random.chance(0.3)) {
    const saml = random.pick(['urn:oasis:names:tc:SAML:2.0:assertion', 'urn:oasis:names:tc:SAML:1.0:assertion']);
    inner += `<t:Assertion xmlns:t="${saml}"${attributes(planting)}><t:Subject>${secretContent(planting)}</t:Subject></t:Assertion>`;
  }
  return `<${name('Security')}${declaration}${attributes(planting)}>${inner}</${name('Security')}>`;
};

/** The prefix of the security header means something else within, and again after it. */
const byRedeclaration: Place = (planting) =>
  `<w xmlns:p="${SECURITY_NAMESPACES[0]}"><v xmlns:p="urn:v"><p:Security>${harmlessWord(planting)}</p:Security></v><p:Security>${secretContent(planting)}</p:Security></w>`;

const byPattern: Place = (planting) => {
  const { random } = planting;
  const before = random.chance(0.5) ? `${harmlessWord(planting)}: ` : '';
  const after = random.chance(0.5) ? `; ${harmlessWord(planting)}` : '';
  const text = before + pattern(planting) + after;
  if (random.chance(0.3)) return `<pay by=${disguiseAttribute(random, text.replaceAll('\n', ' '))}/>`;
  return `<paid>${disguiseText(random, text)}</paid>`;
};

const byNeighbour: Place = (planting) => {
  const { random } = planting;
  const name = random.pick(['password', 'db.password', 'app/apiKey', 'x:pin']);
  if (random.chance(0.5)) {
    return `<param name=${disguiseAttribute(random, name)}${random.chance(0.5) ? ` value="${escapeAll(secretText(planting))}"` : ''}>${secretContent(planting)}</param>`;
  }
  return `<entry><key>${disguiseText(random, 'password')}</key><value>${secretContent(planting)}</value></entry>`;
};

const byAssignment: Place = (planting) => {
  const { random, secrets } = planting;
  const marker = createMarker(random);
  secrets.push(marker);
  const host = harmlessWord(planting);
  const text = random.pick([
    `host=${host};password=${marker.plain};port=1`,
    `{"host":"${host}","apiKey":"${marker.plain}"}`,
    `/${host}?token=${marker.plain}&x=1`,
    `${host} Authorization: Bearer ${marker.plain}`,
  ]);
  return random.chance(0.3)
    ? `<note text=${disguiseAttribute(random, text)}/>`
    : `<note>${disguiseText(random, text)}</note>`;
};

/** The encoding of SOAP 1.1. */
const byReference: Place = (planting) => {
  const id = `id${planting.random.word(6)}`;
  return `<pin href="#${id}"/><pin2 href="#x"/><multiRef id="${id}">${secretContent(planting)}</multiRef>`;
};

const byAside: Place = (planting) => {
  const marker = createMarker(planting.random);
  planting.secrets.push(marker);
  return planting.random.pick([`<!-- ${marker.plain} <a> -->`, `<?p ${marker.plain}?>`]);
};

/** XML in a string: readable and three deep at most, or deeper, or not well-formed and then gone as a whole. */
const byNesting: Place = (planting) => {
  const { random, nesting } = planting;
  const isBroken = random.chance(0.2);
  const isKept = !isBroken && nesting < 3;
  const inner: Planting = { ...planting, nesting: nesting + 1, harmless: isKept ? planting.harmless : [] };
  let text = '';
  for (let i = random.below(2); i >= 0; i--) text += plantPiece(inner);
  if (isBroken) text = `<a>${text}${random.pick(['<b>', '</c>', '&nope;', '<b c=d/>', '<'])}`;
  else if (random.chance(0.3)) text = `<?xml version="1.0" encoding="utf-8"?>\n<r>${text}</r>`;
  const way = random.below(3);
  if (way === 0) return `<xml>${cdata(text)}</xml>`;
  if (way === 1) return `<xml>${escapeAll(text)}</xml>`;
  return `<xml data="${escapeAll(text).replaceAll('\n', '&#10;')}"/>`;
};

const SECRET: readonly Place[] = [
  ...[byName, byName, byAttribute, byUser, bySecurity, byRedeclaration, byPattern],
  ...[byPattern, byNeighbour, byAssignment, byReference, byAside],
  (planting) => (planting.nesting < 5 ? byNesting(planting) : byPattern(planting)),
  (planting) => `<group>${plantPiece(planting)}<!-- x -->${plantPiece(planting)}</group>`,
];
