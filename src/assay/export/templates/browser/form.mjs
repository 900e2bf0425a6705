// A form of the columns: what each takes, with a typical row filled in.

import { anyDate } from "./dates.mjs";
import { element, readable } from "./elements.mjs";
import { isCategory, label, oddity } from "./schema.mjs";
import { general } from "./words.mjs";

const MOST_CHOICES = 200; // levels that are offered as a list; more are typed, with suggestions

/** The fields of a schema's columns in a form. */
export class Form {
  /**
   * @param schema of the columns
   * @param place the element that the fields are put into
   * @param changed called when a value changes
   */
  constructor(schema, place, changed) {
    this.schema = schema;
    this.fields = schema.columns.map((column, number) => field(column, number));
    place.replaceChildren(...this.fields.map(({ box }) => box));
    place.addEventListener("input", changed);
    this.fill();
  }

  /** A typical row: what stands for a missing value, or the middle of what was seen. */
  fill() {
    for (const { column, control } of this.fields) control.value = typicalText(column, control);
  }

  /** The raw row, Float64Array (C); null where a value cannot be read, which is said beside it. */
  read() {
    const row = new Float64Array(this.fields.length);
    let isWhole = true;
    this.fields.forEach(({ column, control, said, hint }, place) => {
      let message = "";
      control.removeAttribute("aria-invalid");
      try {
        row[place] = codeOf(column, control.value);
        message = oddity(column, row[place]);
      } catch (error) {
        message = error.message;
        isWhole = false;
        control.setAttribute("aria-invalid", "true");
      }
      said.textContent = message;
      said.hidden = !message;
      hint.hidden = Boolean(message);
    });
    return isWhole ? row : null;
  }
}

function field(column, number) {
  const id = `field-${number}`;
  const [control, ...suggestions] = controlOf(column, id);
  const hint = element("span", { class: "hint", id: `${id}-hint`, text: hintOf(column) });
  const said = element("span", { class: "said", id: `${id}-said`, hidden: true, role: "status" });
  control.setAttribute("aria-describedby", `${hint.id} ${said.id}`);
  const box = element("div", { class: "field" }, element("label", { for: id, text: column.name }), control, hint, said, ...suggestions);
  return { column, control, hint, said, box };
}

/** What a column is entered by, and a list of suggestions where there are many levels. */
function controlOf(column, id) {
  const options = choices(column);
  if (options.length && options.length <= MOST_CHOICES) return [select(column, options, id)];
  if (column.kind === "date") {
    const type = column.dtype === "date" ? "date" : "datetime-local";
    return [element("input", { id, name: column.name, type, step: type === "date" ? undefined : 1 })];
  }
  const isText = options.length > 0;
  const control = element("input", {
    id, name: column.name, type: "text", autocomplete: "off", spellcheck: "false",
    inputmode: isText ? undefined : "decimal", list: isText ? `${id}-list` : undefined,
  });
  const list = () => element("datalist", { id: `${id}-list` }, ...options.map((value) => element("option", { value })));
  return isText ? [control, list()] : [control];
}

function select(column, options, id) {
  const missing = element("option", { value: "", text: "(missing)" });
  const other = isCategory(column) && column.dtype !== "boolean" ? [element("option", { value: "other", text: "(another value)" })] : [];
  const known = options.map((text, place) => element("option", { value: `=${place}`, text }));
  return element("select", { id, name: column.name }, ...known, missing, ...other);
}

/** What a column is chosen from, as texts; nothing where it is typed. */
function choices(column) {
  if (column.levels.length) return column.levels;
  return isCategory(column) ? column.codes.map((code) => label(column, code)) : [];
}

/** The raw code of what a control holds. */
function codeOf(column, value) {
  const options = choices(column);
  if (options.length && options.length <= MOST_CHOICES) {
    if (value === "") return NaN;
    if (value === "other") return column.levels.length ? -1 : Math.floor(Math.max(...column.codes)) + 1;
    const place = Number(value.slice(1));
    return column.levels.length ? place : column.codes[place];
  }
  if (column.kind === "date") return value ? dateOf(value) : NaN;
  const unit = column.spelling?.unit;
  return column.read(unit && value.trim() && !value.includes(unit) ? value.trim() + unit : value);
}

function dateOf(value) {
  const seconds = anyDate(value);
  if (seconds === null) throw new Error(`${value} is not a date`);
  return seconds;
}

function typicalText(column, control) {
  const { typical } = column;
  if (typical === null) return "";
  const options = choices(column);
  if (control.tagName === "SELECT") {
    return `=${column.levels.length ? typical : column.codes.indexOf(typical)}`;
  }
  if (options.length) return label(column, typical);
  if (column.kind === "date") return label(column, typical).replace(" ", "T").slice(0, column.dtype === "date" ? 10 : 19);
  const isWhole = column.dtype === "integer" || column.kind === "ordinal";
  const text = isWhole ? String(Math.round(typical)) : general(typical, 6);
  const decimal = column.spelling?.decimal ?? ".";
  return text.includes("e") ? general(typical).replace(".", decimal) : text.replace(".", decimal);
}

function hintOf(column) {
  const unit = column.spelling?.unit ? `, in ${column.spelling.unit}` : "";
  if (isCategory(column) || column.levels.length) {
    const count = choices(column).length;
    return `${count} ${count === 1 ? "value" : "values"}`;
  }
  if (column.low === null || column.high === null) return "no value was seen";
  const isDate = column.kind === "date";
  const ends = [column.low, column.high].map((end) => (isDate ? label(column, end).slice(0, 10) : readable(end)));
  return `${ends[0]} to ${ends[1]}${unit}`;
}
