/** Namespaces of web service security, in every edition that stacks send. */
export const SECURITY_HEADERS: ReadonlySet<string> = new Set([
  'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd',
  'http://docs.oasis-open.org/wss/oasis-wss-wssecurity-secext-1.1.xsd',
  'http://schemas.xmlsoap.org/ws/2002/04/secext',
  'http://schemas.xmlsoap.org/ws/2002/07/secext',
  'http://schemas.xmlsoap.org/ws/2002/12/secext',
  'http://schemas.xmlsoap.org/ws/2003/06/secext',
]);

const UTILITY = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd';

const XML_SECURITY = ['http://www.w3.org/2000/09/xmldsig#', 'http://www.w3.org/2001/04/xmlenc#'];

/** What may stand below a security header with its elements shown, though not with their values. */
const STRUCTURE = new Set([...SECURITY_HEADERS, UTILITY, ...XML_SECURITY, 'http://www.w3.org/2001/10/xml-exc-c14n#']);

export const isSecurityStructure = (namespace: string): boolean => STRUCTURE.has(namespace);

/** `Created` and `Expires` of a `Timestamp`: moments, and nothing else is shown there. */
export const isMoment = (namespace: string, parent: string, local: string, text: string): boolean =>
  namespace === UTILITY &&
  parent === 'Timestamp' &&
  (local === 'Created' || local === 'Expires') &&
  /^\s*\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)?\s*$/.test(text);

/** Assertions of every edition of SAML. */
export const isAssertion = (namespace: string, local: string): boolean =>
  namespace.startsWith('urn:oasis:names:tc:SAML:') && (local === 'Assertion' || local === 'EncryptedAssertion');

const TOKEN_PROFILES = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-';

/** Values of attributes that say what kind of thing is hidden, not what it is. The whole value counts. */
const CONSTANTS = new Set([
  ...STRUCTURE,
  'http://schemas.xmlsoap.org/soap/envelope/',
  'http://www.w3.org/2003/05/soap-envelope',
  'http://www.w3.org/2001/XMLSchema',
  'http://www.w3.org/2001/XMLSchema-instance',
  'http://www.w3.org/2005/08/addressing',
  'urn:oasis:names:tc:SAML:1.0:assertion',
  'urn:oasis:names:tc:SAML:2.0:assertion',
  `${TOKEN_PROFILES}username-token-profile-1.0#PasswordText`,
  `${TOKEN_PROFILES}username-token-profile-1.0#PasswordDigest`,
  `${TOKEN_PROFILES}x509-token-profile-1.0#X509v3`,
  `${TOKEN_PROFILES}x509-token-profile-1.0#X509SubjectKeyIdentifier`,
  `${TOKEN_PROFILES}soap-message-security-1.0#Base64Binary`,
  ...['sha1', 'rsa-sha1', 'hmac-sha1', 'enveloped-signature'].map(
    (name) => `http://www.w3.org/2000/09/xmldsig#${name}`,
  ),
  ...['sha256', 'sha512', 'aes128-cbc', 'aes256-cbc', 'rsa-1_5', 'rsa-oaep-mgf1p', 'Element', 'Content'].map(
    (name) => `http://www.w3.org/2001/04/xmlenc#${name}`,
  ),
  ...['rsa-sha256', 'rsa-sha512', 'ecdsa-sha256'].map((name) => `http://www.w3.org/2001/04/xmldsig-more#${name}`),
]);

export const isConstant = (local: string, value: string): boolean =>
  CONSTANTS.has(value) || ((local === 'mustUnderstand' || local === 'nil') && /^(?:0|1|true|false)$/.test(value));
