// Files scored whole: rows of a CSV, or images; their predictions as a CSV.

import { predictions } from "./answer.mjs";
import { element, readable, share } from "./elements.mjs";
import { readTable } from "./table.mjs";
import { float } from "./words.mjs";

const MOST_ROWS = 20; // of a file that are shown
const MOST_CLASSES = 5; // whose probabilities are shown

/** Predictions for every row of a CSV file. */
export async function scoreTable(file, schema, network, progress) {
  const begun = performance.now();
  const { rows, lines } = readTable(await file.arrayBuffer(), schema.names);
  const raw = schema.encode(rows, (row) => `row ${row + 1} (line ${lines[row]})`);
  const output = await network.run(raw, progress);
  const seconds = (performance.now() - begun) / 1000;
  return { names: null, output, warnings: schema.warnings(raw), seconds };
}

/** The columns that `assay predict` writes: names, then a row of values each. */
export function columnsOf(record, { names, output, warnings }) {
  const said = predictions(record, output);
  const width = record.labels.length;
  const isOdd = warnings.some((messages) => messages.length);
  const header = [
    ...(names ? ["image"] : []),
    "prediction",
    ...record.labels.map((label) => `probability_${label}`),
    ...(isOdd ? ["warnings"] : []),
  ];
  const rows = said.map((prediction, row) => [
    ...(names ? [names[row]] : []),
    prediction,
    ...Array.from({ length: width }, (_, place) => output[row * width + place]),
    ...(isOdd ? [warnings[row].join("; ")] : []),
  ]);
  return { header, rows };
}

/** A CSV (RFC 4180) of the columns. */
export function csvOf(record, scored) {
  const { header, rows } = columnsOf(record, scored);
  const isValue = !record.labels.length;
  return [header, ...rows].map((row, line) => row.map((cell) => cellOf(cell, line > 0 && isValue)).join(",") + "\n").join("");
}

function cellOf(cell, isValue) {
  const isWhole = typeof cell === "number" && Number.isInteger(cell) && !isValue;
  const text = typeof cell === "number" && !isWhole ? float(cell) : String(cell);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** What came of a file: a sentence, a link to all predictions, and the first ones as a table. */
export function drawScored(record, scored, name) {
  const count = scored.output.length / (record.labels.length || 1);
  const odd = scored.warnings.filter((messages) => messages.length).length;
  const warned = odd ? `; ${odd.toLocaleString("en")} unlike the training rows` : "";
  const text = `${name}: ${count.toLocaleString("en")} predictions in ${readable(Number(scored.seconds.toPrecision(2)))} s${warned}.`;
  const blob = new Blob([csvOf(record, scored)], { type: "text/csv" });
  const link = element("a", { href: URL.createObjectURL(blob), download: "predictions.csv", text: "Save predictions.csv" });
  return [element("p", { class: "scored" }, `${text} `, link), firstRows(record, scored, count)];
}

function firstRows(record, scored, count) {
  const { header, rows } = columnsOf(record, scored);
  const hidden = new Set(header.slice(0).filter((_, place) => place > MOST_CLASSES + (scored.names ? 1 : 0) && header[place] !== "warnings"));
  const kept = header.map((_, place) => place).filter((place) => !hidden.has(header[place]));
  const head = element("tr", {}, element("th", { scope: "col", text: "row" }), ...kept.map((place) => element("th", { scope: "col", text: header[place] })));
  const body = rows.slice(0, MOST_ROWS).map((row, number) =>
    element("tr", {}, element("th", { scope: "row", text: number + 1 }), ...kept.map((place) => cell(record, header[place], row[place]))),
  );
  const more = count > MOST_ROWS ? ` The first ${MOST_ROWS} of ${count.toLocaleString("en")}.` : "";
  const classes = hidden.size ? ` ${hidden.size} more classes are in the file.` : "";
  const caption = element("caption", { text: `Predictions.${more}${classes}` });
  const table = element("table", {}, caption, element("thead", {}, head), element("tbody", {}, ...body));
  return element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Predictions" }, table);
}

function cell(record, name, value) {
  if (name === "warnings") return element("td", { class: "why", text: value });
  const isProbability = name.startsWith("probability_");
  const isNumber = isProbability || !record.labels.length;
  const text = isProbability ? share(value) : isNumber ? readable(value) : String(value);
  return element("td", { class: isNumber ? "number" : undefined, "data-value": value, text });
}
