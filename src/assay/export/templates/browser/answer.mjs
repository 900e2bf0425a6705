// What the network says of one row or image, drawn.

import { element, readable, share } from "./elements.mjs";
import { chosen } from "./schema.mjs";

const MOST_BARS = 8; // classes that are drawn, the likeliest first

/** The answer to one row: its K probabilities, or its one value. */
export function drawAnswer(record, output) {
  if (!record.labels.length) {
    return [element("p", { class: "answer number", "data-value": output[0], title: output[0], text: readable(output[0]) })];
  }
  const best = chosen(output, record.threshold);
  const answer = element("p", { class: "answer", "data-label": record.labels[best], text: String(record.labels[best]) });
  return [answer, bars(record, output, best), ...threshold(record)];
}

/** The answers to N rows: for each, what is predicted. */
export function predictions(record, output) {
  const width = record.labels.length || 1;
  return Array.from({ length: output.length / width }, (_, row) => {
    const part = output.subarray(row * width, (row + 1) * width);
    return record.labels.length ? record.labels[chosen(part, record.threshold)] : part[0];
  });
}

function bars(record, output, best) {
  const order = [...output.keys()].sort((a, b) => output[b] - output[a]);
  const drawn = order.length <= 3 ? [...output.keys()] : order.slice(0, MOST_BARS);
  const list = element("ul", { class: "bars" });
  for (const place of drawn) {
    const bar = element("i", { class: place === best ? "best" : undefined });
    bar.style.setProperty("--v", output[place]);
    list.append(
      element(
        "li",
        { "data-label": record.labels[place], "data-value": output[place], title: output[place] },
        element("span", { class: "name", text: String(record.labels[place]) }),
        element("span", { class: "track", "aria-hidden": "true" }, bar),
        element("span", { class: "number", text: share(output[place]) }),
      ),
    );
  }
  const rest = order.slice(MOST_BARS);
  if (order.length > MOST_BARS) {
    const sum = rest.reduce((total, place) => total + output[place], 0);
    list.append(element("li", { class: "rest", text: `${rest.length} more classes share ${share(sum)}` }));
  }
  return list;
}

function threshold({ threshold: value, labels }) {
  if (value === null) return [];
  const text = `The answer is ${labels[1]} above a probability of ${readable(value)}.`;
  return [element("p", { class: "soft small", text })];
}
