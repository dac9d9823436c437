import { describe, expect, it } from 'vitest';
import { type Redaction, redactMarkup } from './redact-markup.ts';
import { createRedactionRules, type NamedRules } from './redaction-rules.ts';

const WSSE = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
const WSU = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd';
const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';
const CARD = '4111111111111111';
const IBAN = 'DE89370400440532013000';

interface Options extends Partial<NamedRules> {
  readonly isWhole?: boolean;
  readonly charsMax?: number;
}

function redact(text: string, { isWhole = true, charsMax = 16_384, ...named }: Options = {}): Redaction {
  const rules = createRedactionRules({ names: [], keep: [], expressions: [], ...named });
  return redactMarkup({ text, isWhole, isFragment: false, nesting: 0, rules, charsMax });
}

/** What is shown; the reason where nothing is. */
function shown(text: string, options: Options = {}): string {
  const redaction = redact(text, options);
  return redaction.kind === 'redacted' ? redaction.text : redaction.reason;
}

const header = (inner: string, prefix = 'wsse'): string =>
  `<s:Envelope xmlns:s="${SOAP}"><s:Header><${prefix}:Security xmlns:${prefix}="${WSSE}" xmlns:wsu="${WSU}" s:mustUnderstand="1">${inner}</${prefix}:Security></s:Header><s:Body><pay><amount>12.50</amount></pay></s:Body></s:Envelope>`;

describe('what is harmless', () => {
  it('is shown as it was written, to the character', () => {
    const text = `<a:order  xmlns:a='urn:x' id = "7">\n <a:from>ZRH &amp; "co"</a:from><![CDATA[ 1 < 2 ]]><b/> é€😀 </a:order>\n`;
    expect(redact(text)).toEqual({ kind: 'redacted', text, hits: 0, truncated: false });
  });

  it('stays when only its name resembles that of a secret', () => {
    const text =
      '<PasswordPolicy><tokenType>urn:t</tokenType><spin>3</spin><secretary>Ann</secretary></PasswordPolicy>';
    expect(shown(text)).toBe(text);
  });

  it('stays when its digits are no card number and no IBAN', () => {
    const text = `<a b="4111111111111112"><t>2026-11-22T14:05:00.123Z</t><n>12345</n><i>DE88370400440532013000</i></a>`;
    expect(shown(text)).toBe(text);
  });

  it('stays for a name that the user keeps, though not below a security header', () => {
    expect(shown('<a><pageToken>7</pageToken></a>', { keep: ['pageToken'] })).toContain('7');
    const text = header('<wsse:UsernameToken><wsse:Nonce>bm9uY2U=</wsse:Nonce></wsse:UsernameToken>');
    expect(shown(text, { keep: ['Nonce', `{${WSSE}}Nonce`, 'UsernameToken', 'Security'] })).not.toContain('bm9uY2U=');
  });
});

describe('the header of WS-Security', () => {
  it('keeps its structure and its times, and no value', () => {
    const text = header(
      `<wsu:Timestamp wsu:Id="ts-77"><wsu:Created>2026-11-22T14:05:00Z</wsu:Created></wsu:Timestamp><wsse:UsernameToken><wsse:Username>alice</wsse:Username><wsse:Password Type="x">pa55</wsse:Password></wsse:UsernameToken>`,
    );
    expect(shown(text)).toBe(
      header(
        '<wsu:Timestamp wsu:Id="[redacted]"><wsu:Created>2026-11-22T14:05:00Z</wsu:Created></wsu:Timestamp><wsse:UsernameToken>[redacted]</wsse:UsernameToken>',
      ),
    );
  });

  it('is known by its namespace, whatever the prefix', () => {
    for (const prefix of ['wsse', 'x', 'soap', 'a-b.c'])
      expect(shown(header('<q>geheim</q>', prefix))).not.toContain('geheim');
    const byDefault = `<e xmlns="urn:e"><Security xmlns="${WSSE}"><Username>geheim</Username></Security></e>`;
    expect(shown(byDefault)).not.toContain('geheim');
    const byReference = `<e><n:Security xmlns:n="${WSSE.replace('wss', '&#119;ss')}"><n:Username>geheim</n:Username></n:Security></e>`;
    expect(shown(byReference)).not.toContain('geheim');
  });

  it('is over where its element ends, also for a prefix that is declared again', () => {
    const text = `<e xmlns:p="${WSSE}"><p:Security><p:Username>geheim</p:Username></p:Security><i xmlns:p="urn:stock"><p:Security>ACME</p:Security></i></e>`;
    expect(shown(text)).toContain('ACME');
    expect(shown(text)).not.toContain('geheim');
  });

  it('is known by its place where its namespace is in no list', () => {
    const text = `<s:Envelope xmlns:s="${SOAP}"><s:Header><Security xmlns="urn:2031"><Username>geheim</Username></Security></s:Header></s:Envelope>`;
    expect(shown(text)).not.toContain('geheim');
  });

  it('loses assertions, signatures, keys and tokens wherever they stand', () => {
    const inner = [
      '<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="geheim"><saml:Subject>geheim</saml:Subject></saml:Assertion>',
      '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:DigestValue>geheim</ds:DigestValue><ds:SignatureValue>geheim</ds:SignatureValue></ds:Signature>',
      '<xenc:EncryptedKey xmlns:xenc="http://www.w3.org/2001/04/xmlenc#"><xenc:CipherData><xenc:CipherValue>geheim</xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey>',
      '<wsc:SecurityContextToken xmlns:wsc="urn:wsc"><wsc:Identifier>geheim</wsc:Identifier></wsc:SecurityContextToken>',
    ].join('');
    expect(shown(header(inner))).not.toContain('geheim');
    expect(shown(`<body>${inner}<ok>fine</ok></body>`)).not.toContain('geheim');
    expect(shown(`<body>${inner}<ok>fine</ok></body>`)).toContain('<ok>fine</ok>');
  });
});

describe('a secret by name', () => {
  it('goes with its attributes, its children and what stands between them', () => {
    const text =
      '<a><Password Type="t" x:nil="false" xmlns:x="urn:i">one<b c="two">three</b>four<![CDATA[five]]></Password></a>';
    expect(shown(text)).toBe(
      '<a><Password Type="[redacted]" x:nil="false" xmlns:x="[redacted]">[redacted]</Password></a>',
    );
  });

  it.each([
    'password',
    'PASSWORD',
    'userPassword',
    'user_password',
    'NewPassword2',
    'passwordHash',
    'x:pwd',
    'API-Key',
    'apiKey',
    'accessToken',
    'cvv',
    'CVV2',
    'cardPin',
    'Authorization',
    'clientSecret',
    'loginpassword',
  ])('is %s, as element and as attribute', (name) => {
    expect(shown(`<a xmlns:x="urn:x"><${name}>geheim</${name}><n>ok</n></a>`)).toMatch(/\[redacted\].*<n>ok<\/n>/);
    expect(shown(`<a xmlns:x="urn:x" ${name}='geheim' n="ok"/>`)).toBe(
      `<a xmlns:x="urn:x" ${name}="[redacted]" n="ok"/>`,
    );
  });

  it('is what the user names, by namespace or in any', () => {
    const text =
      '<a xmlns:p="urn:p" xmlns:q="urn:q"><p:ref>one</p:ref><q:ref>two</q:ref><note ref="three"/><p:n ref="four"/></a>';
    const byQName = shown(text, { names: ['{urn:p}ref'] });
    expect(byQName).not.toMatch(/one|four/);
    expect(byQName).toMatch(/two.*three/);
    expect(shown(text, { names: ['REF'] })).not.toMatch(/one|two|three|four/);
  });

  it('is what stands beside its name', () => {
    expect(shown('<a><param name="db.password">geheim</param><param name="x">ok</param></a>')).toBe(
      '<a><param name="db.password">[redacted]</param><param name="x">ok</param></a>',
    );
    expect(shown('<e><key>password</key><value>geheim</value></e>')).toBe(
      '<e><key>password</key><value>[redacted]</value></e>',
    );
    expect(shown('<e><key>colour</key><value>red</value></e>')).toContain('red');
  });
});

describe('a number that is a secret', () => {
  it.each([
    ['plain', CARD],
    ['in groups', '4111 1111 1111 1111'],
    ['with dashes', '4111-1111-1111-1111'],
    ['with a sentence around it', `paid by ${CARD}, thanks`],
    ['after another number', `order 123456 ${CARD} 2026`],
    ['by references', '&#52;111&#x31;11111111111'],
    ['in CDATA', `<![CDATA[${CARD}]]>`],
    ['across CDATA', '4111<![CDATA[11111]]>1111<![CDATA[111]]>'],
    ['across a comment', '41111111<!-- 7 -->11111111'],
    ['across an instruction', '41111111<?x 7?>11111111'],
    ['twice escaped', '&amp;#52;111111111111111'],
    ['as an IBAN', IBAN],
    ['as an IBAN in groups', 'DE89 3704 0044 0532 0130 00'],
    ['as an IBAN in small letters', IBAN.toLowerCase()],
  ])('goes %s, and what is around it stays', (_, written) => {
    const text = shown(`<a><n>${written}</n><m>fine</m></a>`);
    expect(text).toContain('[redacted]');
    expect(text.replace(/\D/g, '')).not.toMatch(/1111111|370400440/);
    expect(text).toContain('<m>fine</m>');
  });

  it('goes from attributes and namespaces', () => {
    const text = shown(`<a n="card ${CARD}" m='&#68;E89370400440532013000' xmlns:x="urn:${CARD}"/>`);
    expect(text).toBe('<a n="card [redacted]" m="[redacted]" xmlns:x="urn:[redacted]"/>');
  });

  it('withholds a message that has one for a name', () => {
    expect(redact(`<a><c${CARD}/></a>`).kind).toBe('withheld');
    expect(redact(`<a c-${CARD}="x"/>`).kind).toBe('withheld');
  });

  it('goes where an expression of the user finds it', () => {
    expect(shown('<a k="KD-12">KD-77 and KD-78</a>', { expressions: [/KD-\d+/y] })).toBe(
      '<a k="[redacted]">[redacted] and [redacted]</a>',
    );
  });
});

describe('a value assigned to the name of a secret', () => {
  it.each([
    ['Server=x;Password=geheim;Port=1', 'Server=x;Password=[redacted];Port=1'],
    ["pwd = 'ge heim' x", "pwd = '[redacted]' x"],
    ['/login?user=a&token=geheim&x=1', '/login?user=a&token=[redacted]&x=1'],
    ['{"user": "a", "password": "ge\\"heim", "n": 1}', '{"user": "a", "password": "[redacted]", "n": 1}'],
    ['{"pin":4711}', '{"pin":[redacted]}'],
    ['Authorization: Bearer geheim.geheim; x', 'Authorization: [redacted]; x'],
    ['no access: password: geheim', 'no access: password: [redacted]'],
    ['urn:x:token:1 at 10:15, size=3', 'urn:x:token:1 at 10:15, size=3'],
  ])('goes from a text: %s', (text, expected) => {
    const shownText = shown(`<a><![CDATA[${text}]]></a>`);
    expect(shownText).toBe(`<a><![CDATA[${expected}]]></a>`);
  });
});

describe('a value that stands apart', () => {
  it('goes with the element that points to it', () => {
    const text =
      '<b><login><user href="#id0"/><password href="#id1"/></login><multiRef id="id1">geheim</multiRef><multiRef id="id0">ann</multiRef></b>';
    expect(shown(text)).not.toContain('geheim');
    expect(shown(text)).toContain('ann');
  });
});

describe('a message in a message', () => {
  it('is redacted by the same rules, in CDATA, escaped, in an attribute, and three deep', () => {
    const inner = `<login><password>geheim</password><city>Bern</city></login>`;
    const escaped = (text: string): string =>
      text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
    expect(shown(`<a><![CDATA[${inner}]]></a>`)).toBe(
      '<a><![CDATA[<login><password>[redacted]</password><city>Bern</city></login>]]></a>',
    );
    for (const text of [
      `<a>${escaped(inner)}</a>`,
      `<a b="${escaped(inner)}"/>`,
      `<a>${escaped(`<b>${escaped(inner)}</b>`)}</a>`,
    ]) {
      expect(shown(text)).not.toContain('geheim');
      expect(shown(text)).toContain('Bern');
    }
    let deep = inner;
    for (let i = 0; i < 4; i++) deep = `<b>${escaped(deep)}</b>`;
    expect(shown(deep)).not.toMatch(/geheim|Bern/);
  });

  it('goes whole when it looks like markup and cannot be read', () => {
    expect(shown('<a><![CDATA[<password>geheim]]><b>fine</b></a>')).toBe('<a><![CDATA[[redacted]]]><b>fine</b></a>');
    expect(shown('<a>if x &lt;y then geheim</a>')).toBe('<a>[redacted]</a>');
    expect(shown('<a>1 &lt; 2</a>')).toBe('<a>1 &lt; 2</a>');
  });
});

describe('what cannot be read', () => {
  it.each([
    ['a DOCTYPE', '<!DOCTYPE a><a/>'],
    ['an unknown reference', '<a>&geheim;</a>'],
    ['tags that do not match', '<a><b></a></b>'],
    ['a prefix that is not declared', '<p:a/>'],
    ['an attribute without quotes', '<a b=c/>'],
    ['an attribute said twice', '<a b="1" b="2"/>'],
    ['a second root', '<a/><b/>'],
    ['text outside its root', '<a/>geheim'],
    ['no end', '<a>geheim'],
    ['no root', '   '],
    ['a control character', '<a>\u0001</a>'],
    ['a character by reference that is none', '<a>&#0;</a>'],
    ['no XML', 'Error: geheim'],
    ['too many levels', '<a>'.repeat(300) + '</a>'.repeat(300)],
    ['too many attributes', `<a ${Array.from({ length: 300 }, (_, i) => `a${i}=""`).join(' ')}/>`],
    [
      'too many namespaces',
      `<a ${Array.from({ length: 200 }, (_, i) => `xmlns:a${i}="u"`).join(' ')}><b ${Array.from({ length: 200 }, (_, i) => `xmlns:b${i}="u"`).join(' ')}/></a>`,
    ],
  ])('withholds the message: %s', (_, text) => {
    const redaction = redact(text);
    expect(redaction.kind).toBe('withheld');
    expect(JSON.stringify(redaction)).not.toContain('geheim');
  });

  it('does not matter after what is shown', () => {
    expect(redact('<a><b>one</b></c>', { charsMax: 7 })).toMatchObject({ text: '<a><b>o', truncated: true });
  });
});

describe('comments and instructions', () => {
  it('are not shown, the declaration neither', () => {
    expect(shown('<?xml version="1.0"?><!-- geheim --><a>x<?p geheim?>y<!-- geheim --></a>')).toBe('<a>xy</a>');
  });
});

describe('the bound', () => {
  it('comes after the redaction: at every length nothing of a secret is shown', () => {
    const text = `<a><n>${CARD}</n><password>geheim</password><t>x ${IBAN} y</t></a>`;
    for (let charsMax = 1; charsMax <= text.length + 20; charsMax++) {
      const cut = shown(text, { charsMax });
      expect(cut.length).toBeLessThanOrEqual(charsMax);
      expect(cut).not.toMatch(/4111|gehe|DE89/);
    }
  });

  it('cuts no character and no reference in half', () => {
    expect(shown('<a>😀😀</a>', { charsMax: 4 })).toBe('<a>');
    expect(shown('<a>x&amp;y</a>', { charsMax: 6 })).toBe('<a>x');
  });
});

describe('a message that is held in part', () => {
  it('shows nothing of what was not over: at every length nothing of a secret is shown', () => {
    const text = `<a b="${CARD}"><n>${CARD}</n><m>fine</m><password k="geheim">geheim<x>geheim</x></password><t>x ${IBAN} y</t><![CDATA[${CARD}]]><l>last</l></a>`;
    for (let length = 0; length <= text.length; length++) {
      const redaction = redact(text.slice(0, length), { isWhole: false });
      expect(redaction.kind).toBe('redacted');
      expect(JSON.stringify(redaction)).not.toMatch(/4111|gehe|DE89/);
    }
    expect(shown(text.slice(0, text.indexOf('<password')), { isWhole: false })).toContain('<m>fine</m>');
  });
});
