// One value of a row, as people write it, to one number: NaN where it is missing. The rules are those of
// assay.data.schema; a value that cannot be read is an Error with the same sentence.

import { anyDate, numbered, patterned } from "./dates.mjs";
import { float, shown } from "./words.mjs";

/** The raw code of a text that no training row had. */
export const UNSEEN = -1;

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const INFINITE = /^[+-]?inf(?:inity)?$/i;

/** A function that reads the texts of a column of schema.json. */
export function readerOf(column, words) {
  const parse = parserOf(column, listed(words));
  const { spelling } = column;
  const texts = new Set(spelling?.missing ?? []);
  const standIns = new Set((spelling?.missing ?? []).map(number).filter(Number.isFinite));
  const isNumber = column.dtype !== "text" && column.dtype !== "boolean" && column.kind !== "date";
  return (text) => {
    const value = spelling && needsSpelling(spelling) ? (spelled(text.trim(), spelling) ?? text) : text;
    if (typeof value === "string" && texts.has(value.trim())) return NaN;
    const code = parse(value);
    return (isNumber || typeof value === "number") && standIns.has(code) ? NaN : code;
  };
}

function listed(words) {
  return { missing: new Set(words.missing), yes: new Set(words.true), no: new Set(words.false) };
}

function parserOf(column, words) {
  if (column.dtype === "text") return levelParser(column, words);
  if (column.dtype === "boolean") return (value) => parseBoolean(value, words);
  if (column.kind === "date") return (value) => parseDate(value, words, column.spelling?.what === "numbers");
  const isCoded = column.codes.length === 2 && column.codes[0] === 0 && column.codes[1] === 1;
  return isCoded ? (value) => parseNumberOrBoolean(value, words) : (value) => parseNumber(value, words);
}

/** Whether texts mean something else than to whoever reads a decimal number where he sees one. */
function needsSpelling({ what, decimal, mark, unit }) {
  if (what === "dates") return true;
  return !(what === "values" || (what === "numbers" && decimal === "." && mark === "" && unit === ""));
}

/** A trimmed text by the spelling of the training file; null where it is not written so. */
function spelled(text, spelling) {
  if (spelling.what === "numbers") return writtenNumber(text, spelling);
  if (spelling.what === "dates") {
    const seconds = patterned(text, spelling.pattern);
    return seconds === null ? null : { seconds };
  }
  if (spelling.what !== "true and false") return text;
  const lower = text.toLowerCase();
  return lower === "true" ? true : lower === "false" ? false : null;
}

function writtenNumber(text, { decimal, mark, unit }) {
  const bare = unit ? withoutUnit(text, unit) : text;
  if (bare === null) return null;
  const plain = bare.replace(/^\u2212/, "-");
  if (!spellingOf(decimal, mark).test(plain)) return null;
  const digits = (mark ? plain.replaceAll(mark, "") : plain).replace(decimal, ".");
  return number(digits);
}

function withoutUnit(text, unit) {
  const sign = escaped(unit);
  const digits = "[+\\-\\u2212]?\\s*[.,]?\\d[\\d.,'eE \\u00a0\\u202f]*";
  const pattern = new RegExp(`^(?:[+\\-\\u2212]?\\s*${sign}\\s*${digits}|${digits}${sign})$`, "u");
  if (!pattern.test(text)) return null;
  return text.replace(unit, "").trim().replace(/^([+\-\u2212])\s+/, "$1");
}

function spellingOf(decimal, mark) {
  const point = escaped(decimal);
  const grouped = mark ? `\\d{1,3}(?:${escaped(mark)}\\d{3})+(?:${point}\\d*)?|` : "";
  const plain = `\\d+(?:${point}\\d*)?(?:e[+-]?\\d+)?|${point}\\d+(?:e[+-]?\\d+)?|inf|infinity|nan`;
  return new RegExp(`^[+-]?(?:${grouped}${plain})$`, "i");
}

function escaped(sign) {
  return sign.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

/** What a text is worth as a number in the computer's own spelling; NaN where it is none. */
function number(text) {
  if (INFINITE.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  return NUMBER.test(text) ? Number(text) : NaN;
}

function parseNumber(value, words) {
  if (typeof value !== "string") return finite(Number(value), value);
  const text = value.trim();
  if (words.missing.has(text.toLowerCase()) || /^[+-]nan$/i.test(text)) return NaN;
  const read = number(text);
  if (Number.isNaN(read)) throw new Error(`${shown(value)} is not a number`);
  return finite(read, value);
}

function finite(read, value) {
  if (read === Infinity || read === -Infinity) throw new Error(`${shown(value)} is not a finite number`);
  return read;
}

function parseBoolean(value, words) {
  if (typeof value === "boolean") return Number(value);
  if (typeof value === "string") {
    const word = value.trim().toLowerCase();
    if (words.yes.has(word) || words.no.has(word)) return Number(words.yes.has(word));
    if (words.missing.has(word)) return NaN;
  } else if (value === 0 || value === 1 || Number.isNaN(value)) return value;
  throw new Error(`${shown(value)} is neither yes nor no`);
}

function parseNumberOrBoolean(value, words) {
  try {
    return parseNumber(value, words);
  } catch {
    return parseBoolean(value, words);
  }
}

function parseDate(value, words, isNumbered) {
  if (typeof value === "object") return value.seconds;
  const text = String(value).trim();
  if (words.missing.has(text.toLowerCase())) return NaN;
  const seconds = (isNumbered && /^\d+$/.test(text) ? numbered(Number(text)) : null) ?? anyDate(text);
  if (seconds !== null) return seconds;
  throw new Error(`${shown(value)} is not a date such as 2016-01-31 or 2016-01-31 17:00:00`);
}

function levelParser({ kind, levels }, words) {
  const codes = new Map(levels.map((level, code) => [level, code]));
  const areWords = levels.every((level) => isBooleanWord(level, words));
  const parse = (value) => levelOf(value, codes, words);
  if (kind !== "boolean" || !areWords) return parse;
  return (value) => {
    const code = parse(value);
    try {
      return code === UNSEEN ? parseBoolean(value, words) : code;
    } catch {
      return UNSEEN;
    }
  };
}

function isBooleanWord(text, words) {
  const word = text.trim().toLowerCase();
  return words.yes.has(word) || words.no.has(word);
}

function levelOf(value, codes, words) {
  let meant = value;
  if (typeof value === "string") {
    const text = codes.has(value) ? value : value.trim();
    if (codes.has(text)) return codes.get(text);
    if (words.missing.has(text.toLowerCase())) return NaN;
    meant = untexted(text);
  }
  const known = spellingsOf(meant, codes, words).find((text) => codes.has(text));
  return known === undefined ? UNSEEN : codes.get(known);
}

/** The number or truth that a text stands for: in another file "1" may have become "1.0". */
function untexted(text) {
  const lower = text.toLowerCase();
  if (lower === "true" || lower === "false") return lower === "true";
  const read = number(text);
  return Number.isFinite(read) ? read : text;
}

function spellingsOf(value, codes, words) {
  if (typeof value === "boolean") {
    const meant = value ? words.yes : words.no;
    return [...codes.keys()].filter((text) => meant.has(text.trim().toLowerCase()));
  }
  if (typeof value !== "number") return [value];
  return Number.isInteger(value) ? [float(value), BigInt(value).toString()] : [float(value)];
}
