/** XML 1.0, productions 4 and 4a, without the colon: a name as Namespaces in XML takes it (NCName). */
const START =
  'A-Z_a-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02ff\\u0370-\\u037d\\u037f-\\u1fff\\u200c\\u200d\\u2070-\\u218f' +
  '\\u2c00-\\u2fef\\u3001-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\ufffd\\u{10000}-\\u{effff}';
const NAME = `[${START}][${START}\\-.0-9\\u00b7\\u0300-\\u036f\\u203f\\u2040]*`;

const plainName = new RegExp(`^${NAME}$`, 'u');
const qualifiedName = new RegExp(`^(?:${NAME}:)?${NAME}$`, 'u');

/** Nearly all names and texts are ASCII, which costs a tenth. */
const ASCII_NAME = /^[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?$/;
const ASCII_TEXT = /^[\t\n\r -~]*$/;

export const isPlainName = (text: string): boolean => plainName.test(text);
export const isQualifiedName = (text: string): boolean => ASCII_NAME.test(text) || qualifiedName.test(text);

/** White space as XML knows it. */
export const isBlank = (text: string): boolean => /^[ \t\r\n]*$/.test(text);

/** Production 2: anything but control characters, halves of surrogate pairs and the two that are no characters. */
const NO_CHARACTER = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** Text, all of it ASCII. */
export const hasOnlyAscii = (text: string): boolean => ASCII_TEXT.test(text);

export const hasOnlyCharacters = (text: string): boolean => hasOnlyAscii(text) || !NO_CHARACTER.test(text);

const REFERENCE = /&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|lt|gt|amp|quot|apos);/y;

/** Whether each '&' begins a reference to a character, or to one of the five entities that need no declaration. */
export function hasOnlyKnownReferences(text: string): boolean {
  for (let at = text.indexOf('&'); at >= 0; at = text.indexOf('&', REFERENCE.lastIndex)) {
    REFERENCE.lastIndex = at;
    const found = REFERENCE.exec(text);
    if (found === null) return false;
    const [, decimal, hex] = found;
    const code = decimal !== undefined ? Number(decimal) : hex !== undefined ? Number.parseInt(hex, 16) : 32;
    if (code > 0x10ffff || !hasOnlyCharacters(String.fromCodePoint(code))) return false;
  }
  return true;
}
