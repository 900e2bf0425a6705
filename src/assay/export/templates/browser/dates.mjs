// Dates as people write them, in seconds since 1970-01-01 00:00; null where a text is none.

const DAY = 86_400;
const MONTHS = [
  "january", "february", "march", "april", "may", "june",
  "july", "august", "september", "october", "november", "december",
];
const FORMS = [
  "%Y/%m/%d", "%Y/%m/%d %H:%M", "%Y/%m/%d %H:%M:%S",
  "%d.%m.%Y", "%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S",
];
const LIKE_FORMS = /^(?:\d{4}\/\d+\/\d+|\d+\.\d+\.\d{4})(?:\s+\d.*)?$/;
const PARTS = {
  "%Y": "(?<year>\\d{1,4})", "%y": "(?<short>\\d{2})", "%m": "(?<month>\\d{1,2})", "%d": "(?<day>\\d{1,2})",
  "%b": "(?<word>[A-Za-z]{3})", "%B": "(?<word>[A-Za-z]{3,9})",
  "%H": "(?<hour>\\d{1,2})", "%I": "(?<hour>\\d{1,2})", "%M": "(?<minute>\\d{1,2})",
  "%S": "(?<second>\\d{1,2})", "%.f": "(?:\\.(?<fraction>\\d+))?", "%p": "(?<half>[AaPp][Mm])",
  "%z": "(?<zone>[+-]\\d{2}:?\\d{2})", "%:z": "(?<zone>[+-]\\d{2}:?\\d{2})",
};
const ISO_DAY = "(?<year>\\d{4})(?<dash>-?)(?:(?<month>\\d{2})\\k<dash>(?<day>\\d{2})|W(?<week>\\d{2})(?:\\k<dash>(?<weekday>[1-7]))?)";
const ISO_CLOCK = "(?<hour>\\d{2})(?:(?<colon>:?)(?<minute>\\d{2})(?:\\k<colon>(?<second>\\d{2})(?:[.,](?<fraction>\\d+))?)?)?";
const ISO_ZONE = "(?<zone>Z|[+-]\\d{2}(?::?\\d{2}(?::?\\d{2}(?:\\.\\d+)?)?)?)";
const ISO = new RegExp(`^${ISO_DAY}(?:[^0-9]${ISO_CLOCK}${ISO_ZONE}?)?$`, "u");

/** A date in the ISO spelling (2016-01-31, 2016-01-31T17:00:00+01:00) or in one of a few others. */
export function anyDate(text) {
  const found = ISO.exec(text);
  if (found) return seconds(found.groups);
  if (!LIKE_FORMS.test(text)) return null;
  for (const form of FORMS) {
    const read = patterned(text, form);
    if (read !== null) return read;
  }
  return null;
}

const expressions = new Map();

/** A date in the spelling that a strftime pattern gives; white space may be left out, and zeros before a year. */
export function patterned(text, pattern) {
  if (!expressions.has(pattern)) expressions.set(pattern, expression(pattern));
  const found = expressions.get(pattern).exec(text);
  return found ? seconds(found.groups) : null;
}

/** Whole numbers that are dates: 20200131, or seconds or milliseconds since 1970. */
export function numbered(number) {
  if (number >= 19_000_101 && number <= 21_001_231) {
    const text = String(number);
    return seconds({ year: text.slice(0, 4), month: text.slice(4, 6), day: text.slice(6) });
  }
  for (const unit of [1, 1000]) {
    if (number >= 315_532_800 * unit && number <= 4_102_444_800 * unit) return number / unit;
  }
  return null;
}

/** Seconds since 1970 as 2016-01-31 17:00:00, the fraction cut off. */
export function written(number) {
  const moment = new Date(Math.trunc(number) * 1000);
  const year = moment.getUTCFullYear();
  const sign = year < 0 ? "-" : "";
  const rest = moment.toISOString().replace(/^[+-]?\d+/, "").slice(0, 15).replace("T", " ");
  return `${sign}${String(Math.abs(year)).padStart(4, "0")}${rest}`;
}

function expression(pattern) {
  const source = pattern.replace(/%:z|%\.f|%[A-Za-z]|\s+|[^%\s]+?/g, (part) => {
    if (PARTS[part]) return PARTS[part];
    return /^\s/.test(part) ? "\\s*" : part.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
  });
  return new RegExp(`^${source}$`);
}

function seconds(found) {
  const day = found.week ? weekDay(found) : calendarDay(found);
  const clock = clockSeconds(found);
  const zone = zoneSeconds(found.zone);
  if (day === null || clock === null || zone === null) return null;
  return day * DAY + clock - zone + microseconds(found.fraction) / 1e6;
}

function microseconds(fraction) {
  return fraction ? Number(fraction.slice(0, 6).padEnd(6, "0")) : 0;
}

/** Days since 1970 of year, month and day. */
function calendarDay({ year, short, month, word, day }) {
  const full = short === undefined ? Number(year) : Number(short) + (Number(short) < 70 ? 2000 : 1900);
  const number = word === undefined ? Number(month) : monthNamed(word);
  return dayOf(full, number, Number(day));
}

function monthNamed(word) {
  const name = word.toLowerCase();
  return MONTHS.findIndex((month) => month === name || month.slice(0, 3) === name) + 1;
}

function dayOf(year, month, day) {
  const moment = new Date(0);
  moment.setUTCFullYear(year, month - 1, day);
  const isReal = year > 0 && moment.getUTCMonth() === month - 1 && moment.getUTCDate() === day;
  return isReal ? moment.getTime() / (DAY * 1000) : null;
}

/** Days since 1970 of a week of the ISO year, whose first week holds the 4th of January. */
function weekDay({ year, week, weekday }) {
  const fourth = dayOf(Number(year), 1, 4);
  const number = Number(week);
  if (fourth === null || number < 1) return null;
  const monday = (start) => start - (((start + 3) % 7) + 7) % 7;
  const day = monday(fourth) + 7 * (number - 1) + Number(weekday ?? 1) - 1;
  const next = dayOf(Number(year) + 1, 1, 4);
  return next !== null && day >= monday(next) ? null : day;
}

function clockSeconds({ hour, minute = "0", second = "0", half }) {
  if (hour === undefined) return 0;
  let hours = Number(hour);
  if (half !== undefined) {
    if (hours < 1 || hours > 12) return null;
    hours = (hours % 12) + (half.toLowerCase() === "pm" ? 12 : 0);
  }
  if (hours > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  return hours * 3600 + Number(minute) * 60 + Number(second);
}

function zoneSeconds(zone) {
  if (zone === undefined || zone === "Z") return 0;
  const [hour, minute = "0", second = "0"] = zone.slice(1).match(/\d{2}(?:\.\d+)?/g);
  const shift = Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  if (shift >= DAY || Number(minute) > 59) return null;
  return zone.startsWith("-") ? -shift : shift;
}
