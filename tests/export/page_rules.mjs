// Reads questions about the page's modules from standard input as JSON, one a line, and answers each with a line.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const folder = pathToFileURL(`${process.argv[2]}/`);
const { Schema } = await import(new URL("schema.mjs", folder));
const { readTable } = await import(new URL("table.mjs", folder));
const { fitted, luma } = await import(new URL("pixels.mjs", folder));

const answers = {
  /** Each text of a column by itself: its code, or the words of its error; and what is odd about it. */
  encode: ({ record, texts }) =>
    texts.map((text) => {
      const schema = new Schema(record);
      try {
        const raw = schema.encode([[text]]);
        return { code: Number.isNaN(raw[0]) ? null : raw[0], odd: schema.warnings(raw)[0] };
      } catch (error) {
        return { error: error.message };
      }
    }),
  table: ({ base64, wanted }) => {
    try {
      return readTable(Buffer.from(base64, "base64"), wanted);
    } catch (error) {
      return { error: error.message };
    }
  },
  fitted: ({ values, height, width, format }) => [...fitted(Uint8Array.from(values), height, width, format)],
  luma: ({ values }) => [...luma(values)],
};

for (const line of readFileSync(0, "utf-8").trim().split("\n")) {
  const question = JSON.parse(line);
  console.log(JSON.stringify(answers[question.about](question)));
}
