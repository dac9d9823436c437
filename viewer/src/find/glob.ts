/** Whether all of a text fits a pattern in which * stands for anything and ? for one character; case does not matter. */
export function fits(text: string, pattern: string): boolean {
  const [letters, signs] = [[...text.toLowerCase()], [...pattern.toLowerCase()]];
  let [at, sign] = [0, 0];
  let star = -1;
  let starAt = 0;
  // Goes back to the last star only, so it takes at most text × pattern steps.
  while (at < letters.length) {
    if (signs[sign] === '*') {
      star = sign++;
      starAt = at;
    } else if (sign < signs.length && (signs[sign] === '?' || signs[sign] === letters[at])) {
      sign++;
      at++;
    } else if (star >= 0) {
      sign = star + 1;
      at = ++starAt;
    } else return false;
  }
  while (signs[sign] === '*') sign++;
  return sign === signs.length;
}
