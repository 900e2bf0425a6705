// schema.json at work: rows of texts to raw numbers, what is odd in them, and what the network's answer means.

import { written } from "./dates.mjs";
import { readerOf } from "./values.mjs";
import { general, quoted } from "./words.mjs";

const FORMAT = 1; // the newest that this page can read
const YEAR_9999 = 2.5e11; // in seconds; far beyond, a date cannot be written

/** The columns that a network takes, in order. */
export class Schema {
  /** @param record what schema.json holds */
  constructor(record) {
    if (!Number.isInteger(record.format) || record.format > FORMAT) {
      throw new Error(`schema.json has format ${record.format}, and this page reads ${FORMAT}: export it again`);
    }
    this.record = record;
    this.columns = record.columns.map((column) => ({ ...column, read: readerOf(column, record.words) }));
    this.names = this.columns.map((column) => column.name);
  }

  /** Rows of texts in the order of the columns -> (N * C) raw numbers, row by row. */
  encode(rows, placed = (row) => `row ${row + 1}`) {
    const raw = new Float64Array(rows.length * this.columns.length);
    let at = 0;
    rows.forEach((row, number) => {
      this.columns.forEach((column, place) => {
        raw[at++] = this.#read(column, row[place], () => placed(number));
      });
    });
    return raw;
  }

  #read(column, text, placed) {
    try {
      return column.read(text);
    } catch (error) {
      const where = `${placed()}, column ${quoted(column.name)}`;
      const message = `${where}: ${error.message} (leave the value empty if it is missing)`;
      throw new Error(message.split(/\s+/).join(" "));
    }
  }

  /** What no training row had, row by row: an unknown category, a number out of range, no value. */
  warnings(raw) {
    const width = this.columns.length;
    return Array.from({ length: raw.length / width }, (_, row) =>
      this.columns.flatMap((column, place) => {
        const message = oddity(column, raw[row * width + place]);
        return message ? [`column ${quoted(column.name)}: ${message}`] : [];
      }),
    );
  }
}

/** What is odd about a raw value of a column; nothing where it is like the training rows. */
export function oddity(column, code) {
  if (Number.isNaN(code)) return column.missing ? "" : "missing, and no training row was";
  if (isCategory(column) || column.levels.length) {
    const isKnown = isCategory(column)
      ? column.codes.includes(code)
      : Number.isInteger(code) && code >= 0 && code < column.levels.length;
    return isKnown ? "" : `${label(column, code)} was not seen in training`;
  }
  if (column.low === null || column.high === null || (code >= column.low && code <= column.high)) return "";
  return `${label(column, code)} is outside the training range, ${label(column, column.low)} to ${label(column, column.high)}`;
}

/** Whether the values of a column are names or codes without an order. */
export function isCategory(column) {
  return column.kind === "qualitative" || column.kind === "boolean";
}

/** A raw value as the user writes it. */
export function label(column, code) {
  if (column.levels.length) {
    const level = code >= 0 ? column.levels[Math.trunc(code)] : undefined;
    return level ?? "the text";
  }
  if (column.dtype === "boolean" && (code === 0 || code === 1)) return code ? "true" : "false";
  if (column.kind === "date" && Math.abs(code) < YEAR_9999) return written(code);
  return Number.isInteger(code) && Math.abs(code) < 1e15 ? String(code) : general(code);
}

/** Which class K probabilities decide for: above the threshold the second of two, else the likeliest. */
export function chosen(probabilities, threshold) {
  if (threshold !== null) return Number(probabilities[1] > threshold);
  let best = 0;
  probabilities.forEach((value, place) => {
    if (value > probabilities[best]) best = place;
  });
  return best;
}
