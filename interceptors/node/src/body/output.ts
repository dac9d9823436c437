/** What is given out, up to its bound. */
export interface Output {
  readonly pieces: string[];
  room: number;
  /** Something was left out at the end; nothing is taken any more. */
  isCut: boolean;
}

export const createOutput = (charsMax: number): Output => ({ pieces: [], room: charsMax, isCut: false });

/** A tag is given whole or not at all; of a text, whose secrets are out by now, the beginning is. */
export function emit(output: Output, piece: string, isDivisible: boolean): void {
  if (output.isCut) return;
  if (piece.length <= output.room) {
    output.pieces.push(piece);
    output.room -= piece.length;
    return;
  }
  output.isCut = true;
  if (isDivisible) output.pieces.push(beginningOf(piece, output.room));
}

/** Neither half a character, nor half a reference, nor half an opening of CDATA. */
function beginningOf(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  let end = last >= 0xd800 && last <= 0xdbff ? length - 1 : length;
  const ampersand = text.lastIndexOf('&', end - 1);
  if (ampersand >= 0 && text.indexOf(';', ampersand) >= end) end = ampersand;
  const markup = text.lastIndexOf('<', end - 1);
  if (markup >= 0 && markup + 9 > end) end = markup;
  return text.slice(0, Math.max(0, end));
}
