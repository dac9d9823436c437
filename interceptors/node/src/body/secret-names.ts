/**
 * Whether a local name says that its value is a secret, in whatever namespace and case. Names are read as words
 * (`userPassword`, `USER_PASSWORD`, `api-key`); the last word, or the last two, decide: a `PasswordPolicy` is none.
 * `pass` and `auth` count alone: a boarding pass is none.
 */
export function namesSecret(local: string): boolean {
  const words = wordsOf(local);
  const last = words.length - 1;
  const word = words[last] ?? '';
  const two = (words[last - 1] ?? '') + word;
  if (words.length === 1 && (word === 'pass' || word === 'auth')) return true;
  if (WORDS.has(word) || WORDS.has(two) || WORDS.has((words[last - 2] ?? '') + two)) return true;
  return UNMISTAKABLE.test(words.join(''));
}

/** What is always a secret at the end of a name. */
const WORDS = new Set([
  ...['password', 'passwd', 'passwort', 'kennwort', 'pwd', 'passphrase', 'passcode', 'passkey'],
  ...['secret', 'secrets', 'secretkey', 'privatekey', 'sharedkey', 'accesskey', 'apikey', 'authkey', 'encryptionkey'],
  ...['token', 'tokens', 'jwt', 'bearer', 'cookie', 'authorization', 'authentication'],
  ...['credential', 'credentials', 'sessionid', 'sessionkey', 'jsessionid', 'signinkey', 'signingkey'],
  ...['pin', 'pincode', 'pinblock', 'tan', 'otp', 'totp', 'mfacode', 'verificationcode', 'securityanswer'],
  ...['cvv', 'cvv2', 'cvc', 'cvc2', 'cvn', 'csc', 'cav', 'cav2', 'cid2', 'securitycode', 'verificationvalue'],
  ...['cardnumber', 'cardno', 'pan', 'ccnumber', 'trackdata', 'track1', 'track2', 'ssn', 'socialsecuritynumber'],
  // WS-Security, WS-Trust, XML Signature and Encryption, wherever they stand.
  ...['nonce', 'salt', 'binarysecuritytoken', 'securitycontexttoken', 'keyidentifier', 'binarysecret', 'entropy'],
  ...['signaturevalue', 'digestvalue', 'ciphervalue', 'encryptedkey', 'keyvalue'],
  ...[
    'x509data',
    'x509certificate',
    'keyname',
    'pgpdata',
    'spkidata',
    'mgmtdata',
    'assertion',
    'encryptedassertion',
    'samlresponse',
  ],
]);

/** Long enough to be sure of even where a name is written without any border between its words. */
const UNMISTAKABLE =
  /(?:password|passwd|pwd|passphrase|passcode|secret|token|credentials|apikey|secretkey|privatekey|cardnumber)$/;

/** Words that change nothing about the one before them: `PasswordHash`, `pinValue`, `newPassword2`. */
const TRAILING = new Set([
  ...['value', 'text', 'string', 'data', 'hash', 'hashed', 'digest', 'encoded', 'encrypted', 'plain', 'base64', 'raw'],
  ...['confirm', 'confirmation', 'confirmed', 'repeat', 'repeated', 'again', 'verify', 'new', 'old', 'current'],
]);

/** Of a longer name the end is looked at. */
const NAME_LENGTH_MAX = 128;

function wordsOf(local: string): readonly string[] {
  const words = local
    .slice(-NAME_LENGTH_MAX)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9\u0080-\uffff]+/)
    .filter((word) => word !== '');
  while (words.length > 1) {
    const word = words[words.length - 1] ?? '';
    const bare = word.replace(/\d+$/, '');
    if (WORDS.has((words[words.length - 2] ?? '') + word)) break;
    if (bare !== '' && !TRAILING.has(bare)) break;
    words.pop();
  }
  const last = words.length - 1;
  const word = words[last] ?? '';
  if (!WORDS.has(word)) words[last] = word.replace(/\d+$/, '') || word;
  return words;
}
