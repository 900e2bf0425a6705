// A CSV file: bytes in, rows of texts out, in the order of the columns that are wanted.

import { quoted } from "./words.mjs";

const SIGNS = [",", ";", "\t", "|"];
const NONE = "\x1f"; // parts nothing: the file has one column
const HEAD_LETTERS = 1 << 18;
const HEAD_RECORDS = 300;

/** The wanted columns of a file: `rows` of texts, and the line in which each begins. */
export function readTable(bytes, wanted) {
  let text = decoded(bytes);
  let first = 0;
  let sign = null;
  const said = /^sep=([,;|\t])[ \t]*\n/.exec(text);
  if (said) {
    [sign, first] = [said[1], 1];
    text = text.slice(said[0].length);
  }
  if (!text.trim()) throw new Error("the file holds no rows");
  const layout = findLayout(text, wanted, sign ? [sign] : SIGNS);
  const found = records(text, layout.sign).slice(layout.header + 1);
  return chosenColumns(found, layout, wanted, first);
}

/** UTF-8 with or without byte-order mark, UTF-16 with one, else Windows-1252; line ends as line feeds. */
export function decoded(bytes) {
  const data = new Uint8Array(bytes);
  const isWide = data.length > 1 && ((data[0] === 0xff && data[1] === 0xfe) || (data[0] === 0xfe && data[1] === 0xff));
  let text;
  if (isWide) text = new TextDecoder(data[0] === 0xff ? "utf-16le" : "utf-16be").decode(data);
  else {
    try {
      text = new TextDecoder("utf-8", { fatal: true }).decode(data);
    } catch {
      text = new TextDecoder("windows-1252").decode(data);
    }
  }
  if (text.includes("\0")) throw new Error("the file is not text (it holds a zero byte)");
  return text.includes("\n") ? text.replaceAll("\r\n", "\n") : text.replaceAll("\r", "\n");
}

/** Separator and header: where most of the wanted names stand. */
function findLayout(text, wanted, signs) {
  const head = text.slice(0, HEAD_LETTERS);
  let best = { count: -1 };
  for (const sign of signs) {
    const found = records(head, sign, HEAD_RECORDS, true);
    found.forEach(({ fields }, header) => {
      const names = wholeNames(fields);
      const count = wanted.filter((name) => names.includes(name)).length;
      if (count > best.count) best = { count, sign, header, names, fields };
    });
  }
  const missing = wanted.find((name) => !best.names.includes(name));
  if (missing !== undefined) {
    const known = best.names.slice(0, 20).join(", ");
    throw new Error(`there is no column ${quoted(missing)} (the file's first lines name: ${known})`);
  }
  return best.fields.length === 1 ? { ...best, sign: NONE } : best;
}

/** Unique, non-empty names in place of these, as Assay makes them. */
function wholeNames(fields) {
  const names = fields.map((field) => field.trim().replace(/\s+/g, " "));
  const taken = new Set(names);
  const seen = new Map();
  return names.map((name, place) => {
    seen.set(name, (seen.get(name) ?? 0) + 1);
    if (name && seen.get(name) === 1) return name;
    const start = name ? `${name}_${seen.get(name)}` : `column_${place + 1}`;
    let free = start;
    for (let number = 2; taken.has(free); number++) free = `${start}_${number}`;
    taken.add(free);
    return free;
  });
}

function chosenColumns(found, { names, sign }, wanted, above) {
  const width = widthOf(found, names.length);
  const shift = width === names.length + 1 && found.some(({ fields }) => fields.at(-1).trim()) ? 1 : 0;
  const places = wanted.map((name) => names.indexOf(name) + shift);
  const isSingle = sign === NONE;
  const filled = isSingle ? withoutBlankEnd(found) : found.filter(({ isBlank }) => !isBlank);
  if (!filled.length) throw new Error("the file holds no rows below its header");
  const rows = filled.map(({ fields, line }) => {
    if (fields.length !== width) {
      const hint = fields.length > width ? "a field that holds the separator wants quotes around it" : "an empty field still wants its separator";
      throw new Error(`line ${line + above} has ${fields.length === 1 ? "1 field" : `${fields.length} fields`}, ${width} were expected (${hint})`);
    }
    return places.map((place) => fields[place]);
  });
  return { rows, lines: filled.map(({ line }) => line + above) };
}

/** The header's width, or one more where the rows have names, or end with a separator, and the header has not. */
function widthOf(found, header) {
  const filled = found.filter(({ isBlank }) => !isBlank);
  return filled.length && filled.every(({ fields }) => fields.length === header + 1) ? header + 1 : header;
}

function withoutBlankEnd(found) {
  const last = found.findLastIndex(({ isBlank }) => !isBlank);
  return found.slice(0, last + 1);
}

/**
 * The records of a text (RFC 4180): fields between separators, in double quotes where they hold one, a quote
 * inside doubled. `isHead`: the text may be cut off, and what is not regular ends it.
 */
export function records(text, sign, most = Infinity, isHead = false) {
  const found = [];
  const isSpaced = text.includes(`${sign} `) && new RegExp(`${sign === "|" ? "\\|" : sign} +"`).test(text);
  let at = 0;
  let line = 1;
  while (at < text.length && found.length < most) {
    const record = { fields: [], line, isBlank: false };
    try {
      [at, line] = takeRecord(text, at, line, sign, isSpaced, record.fields);
    } catch (error) {
      if (isHead) break;
      throw error;
    }
    record.isBlank = record.fields.length === 1 && !record.fields[0].trim();
    found.push(record);
  }
  return found;
}

/** Reads one record into `fields`; where the next begins, and its line. */
function takeRecord(text, start, first, sign, isSpaced, fields) {
  let at = start;
  let line = first;
  for (;;) {
    if (isSpaced) while (text[at] === " ") at++;
    if (text[at] === '"') {
      const [field, end] = quotedField(text, at, line, first);
      fields.push(field);
      line += field.split("\n").length - 1;
      at = end;
      if (at < text.length && text[at] !== sign && text[at] !== "\n") {
        throw new Error(`a quote in line ${first} is not closed, or text follows the closing quote (a quote inside quotes is doubled)`);
      }
    } else {
      const end = fieldEnd(text, at, sign);
      fields.push(text.slice(at, end));
      at = end;
    }
    if (text[at] !== sign) return [at + 1, line + 1];
    at++;
  }
}

function fieldEnd(text, start, sign) {
  let at = start;
  while (at < text.length && text[at] !== sign && text[at] !== "\n") at++;
  return at;
}

function quotedField(text, start, line, first) {
  let field = "";
  let at = start + 1;
  for (;;) {
    const end = text.indexOf('"', at);
    if (end < 0) throw new Error(`a quote that opens in line ${first} is not closed (a quote inside quotes is doubled)`);
    field += text.slice(at, end);
    if (text[end + 1] !== '"') return [field, end + 1];
    field += '"';
    at = end + 2;
  }
}
