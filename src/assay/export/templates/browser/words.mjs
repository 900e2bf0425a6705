// How Python writes numbers and texts: messages and levels are the same here as in Assay itself.

const UNPRINTABLE = /^(?! )[\p{C}\p{Z}]$/u;

/** A text in quotes, as repr() has it. */
export function quoted(text) {
  const sign = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escapes = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", [sign]: `\\${sign}` };
  const body = [...text].map((letter) => escapes[letter] ?? (UNPRINTABLE.test(letter) ? hex(letter) : letter));
  return `${sign}${body.join("")}${sign}`;
}

/** A value as a message quotes it, cut to a readable length. */
export function shown(value) {
  const text = typeof value === "string" ? quoted(value) : float(value);
  const letters = [...text];
  return letters.length <= 60 ? text : `${letters.slice(0, 57).join("")}...`;
}

/** A number as repr() of a float has it: the shortest digits that say it, `1.0`, `1e-05`, `1e+16`. */
export function float(number) {
  if (!Number.isFinite(number)) return Number.isNaN(number) ? "nan" : number < 0 ? "-inf" : "inf";
  const [mantissa, power] = number.toExponential().split("e");
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) return `${mantissa}e${signed(exponent)}`;
  const text = plain(mantissa, exponent);
  const isNegativeZero = Object.is(number, -0);
  return `${isNegativeZero ? "-" : ""}${text}${text.includes(".") ? "" : ".0"}`;
}

/** A number as `f"{number:.10g}"` has it. */
export function general(number, digits = 10) {
  if (!Number.isFinite(number)) return float(number);
  const [mantissa, power] = number.toExponential(digits - 1).split("e");
  const exponent = Number(power);
  const short = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
  return exponent < -4 || exponent >= digits ? `${short}e${signed(exponent)}` : plain(short, exponent);
}

function hex(letter) {
  const code = letter.codePointAt(0).toString(16);
  const [sign, width] = code.length < 3 ? ["x", 2] : code.length < 5 ? ["u", 4] : ["U", 8];
  return `\\${sign}${code.padStart(width, "0")}`;
}

function signed(exponent) {
  return `${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

/** Digits with one before the point, moved by a power of ten, without exponent. */
function plain(mantissa, exponent) {
  const sign = mantissa.startsWith("-") ? "-" : "";
  const digits = mantissa.replace(/[-.]/g, "");
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  const rest = digits.slice(exponent + 1);
  return `${sign}${whole}${rest ? `.${rest}` : ""}`;
}
