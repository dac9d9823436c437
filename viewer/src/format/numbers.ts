/** Numbers as they are typeset: three significant digits, thin spaces for thousands, the unit always, never a bare zero for "unknown". */
export const UNKNOWN = 'unknown';

/** For columns too narrow for the word; what it means stands in a title. */
export const orDash = (text: string): string => (text === UNKNOWN ? '–' : text);

const THIN = '\u2009';
const NARROW_NO_BREAK = '\u202f';

/** Three significant digits: 0.0123, 4.57, 12 300, 1.23 M. */
export function formatNumber(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  const step = STEPS.find((candidate) => Number(size.toPrecision(3)) >= candidate.from);
  if (step !== undefined) return `${grouped(plain(value / step.from))}${NARROW_NO_BREAK}${step.sign}`;
  return grouped(plain(value));
}

const STEPS = [
  { from: 1e12, sign: 'T' },
  { from: 1e9, sign: 'G' },
  { from: 1e6, sign: 'M' },
] as const;

/** A count is exact: 12 345. */
export const formatCount = (count: number): string => grouped(String(count));

/** Messages a second, or a minute where a second would be a fraction too small to read. */
export function formatRate(perSecond: number | null): string {
  if (perSecond === null) return UNKNOWN;
  if (perSecond > 0 && perSecond < 0.1) return withUnit(formatNumber(perSecond * 60), '/min');
  return withUnit(formatNumber(perSecond), '/s');
}

/** A share of 0 to 1 in per cent. A share that is not nothing never reads as nothing. */
export function formatShare(share: number | null): string {
  if (share === null) return UNKNOWN;
  if (share > 0 && share < 0.0001) return `<${NARROW_NO_BREAK}0.01${NARROW_NO_BREAK}%`;
  return withUnit(formatNumber(share * 100), '%');
}

export const formatBytes = (bytes: number): string => {
  const unit = BYTE_UNITS.find((candidate) => Number(bytes.toPrecision(3)) >= candidate.from);
  if (unit === undefined) return withUnit(String(bytes), 'B');
  return withUnit(plain(bytes / unit.from), unit.name);
};

const BYTE_UNITS = [
  { from: 1e9, name: 'GB' },
  { from: 1e6, name: 'MB' },
  { from: 1e3, name: 'kB' },
] as const;

/** "1 message", "12 messages". */
export const formatPlural = (count: number, one: string, many: string): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;

export const withUnit = (value: string, unit: string): string => `${value}${NARROW_NO_BREAK}${unit}`;

/** Three significant digits without an exponent, and without zeros that say nothing. */
export function plain(value: number): string {
  const rounded = Number(value.toPrecision(3));
  const size = Math.abs(rounded);
  const decimals = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : Math.min(6, 2 - Math.floor(Math.log10(size)));
  const fixed = rounded.toFixed(rounded === 0 ? 0 : decimals);
  return fixed.includes('.') ? fixed.replace(/\.?0+$/, '') : fixed;
}

const grouped = (digits: string): string => {
  const [whole = '', fraction] = digits.split('.');
  const spaced = whole.replace(/\B(?=(\d{3})+$)/g, THIN);
  return fraction === undefined ? spaced : `${spaced}.${fraction}`;
};
