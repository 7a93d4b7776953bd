/** What a written date means. Nothing here looks at the machine's clock or zone. */
import type { Moment } from './post.ts';

const ISO =
  /^(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?:(?:[Tt]|[ \t]+)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?[ \t]*(Z|UTC|GMT|[ECMP][SD]T|[+-]\d{2}:?\d{2})?)?$/i;
const MONTH = '(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const FULL_MONTH =
  '(Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)';
// RFC 5322 section 3.3, with the obsolete zone names that feeds and mail still show.
const RFC2822 = new RegExp(
  String.raw`^(?:(Sun|Mon|Tue|Wed|Thu|Fri|Sat),\s*)?(\d{1,2})\s+${MONTH}\s+(\d{4})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s+([+-]\d{4}|UTC?|GMT|Z|[ECMP][SD]T)$`,
  'i',
);
// A month in words can be read in one way only: `Jul 08 2022` as Astro's own template has it, `January 6, 2026`, `6 Jan 2026`.
const IN_WORDS = new RegExp(
  String.raw`^(?:${FULL_MONTH}\.?\s{1,3}(\d{1,2})(?:st|nd|rd|th)?(?:,\s{0,3}|\s{1,3})|(\d{1,2})(?:st|nd|rd|th)?\s{1,3}${FULL_MONTH}\.?,?\s{1,3})(\d{4})$`,
  'i',
);
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const ZONE_HOURS: Record<string, number> = {
  est: -5,
  edt: -4,
  cst: -6,
  cdt: -5,
  mst: -7,
  mdt: -6,
  pst: -8,
  pdt: -7,
};

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A moment, or in words why the text is none. */
export type DateReading = { moment: Moment } | { reason: string };

/**
 * Reads ISO 8601 as blogs write it, RFC 2822, days with their month in words, and milliseconds. A date without a zone is in `timezone`, a bare day is midnight there.
 * Impossible dates are never rolled over. Years before 1900 and more than ten years after `now` are refused.
 */
export function readDate(text: string, timezone: string, now: Moment): DateReading {
  const written = text.trim();
  const reading = readIso(written, timezone) ??
    readRfc2822(written) ??
    readWords(written, timezone) ??
    readCount(written) ?? {
      reason: `"${shorten(written)}" is not a date like 2026-05-17 or 2026-05-17T09:30:00+02:00`,
    };
  if ('reason' in reading) return reading;
  const year = new Date(reading.moment).getUTCFullYear();
  if (year < 1900) return { reason: `the year ${year} is before 1900` };
  if (year > new Date(now).getUTCFullYear() + 10)
    return { reason: `the year ${year} is more than ten years ahead` };
  return reading;
}

function readIso(text: string, timezone: string): DateReading | undefined {
  const match = ISO.exec(text);
  if (!match) return undefined;
  const [year, , month, day, hour, minute, second] = match
    .slice(1, 8)
    .map((part) => Number(part ?? 0)) as Seven;
  const local = localMoment(text, [year, month, day, hour, minute, second]);
  if (typeof local !== 'number') return local;
  const zone = match[8];
  if (zone && !isOffset(zone)) return { reason: `"${text}" is in no time zone that there is` };
  return { moment: zone ? local - offsetOf(zone) : toUtc(local, timezone) };
}

function readRfc2822(text: string): DateReading | undefined {
  const match = RFC2822.exec(text);
  if (!match) return undefined;
  const [, weekday, day, month, year, hour, minute, second, zone] = match;
  const local = localMoment(text, [
    Number(year),
    MONTHS.indexOf(month!.toLowerCase()) + 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second ?? 0),
  ]);
  if (typeof local !== 'number') return local;
  if (weekday && WEEKDAYS[new Date(local).getUTCDay()] !== weekday.toLowerCase()) {
    return { reason: `"${text}" was not a ${weekday}` };
  }
  if (!isOffset(zone!)) return { reason: `"${text}" is in no time zone that there is` };
  return { moment: local - offsetOf(zone!) };
}

function readWords(text: string, timezone: string): DateReading | undefined {
  const [, first, dayAfter, dayBefore, second, year] = IN_WORDS.exec(text) ?? [];
  const month = (first ?? second)?.slice(0, 3).toLowerCase();
  if (month === undefined) return undefined;
  const day = Number(dayAfter ?? dayBefore);
  const local = localMoment(text, [Number(year), MONTHS.indexOf(month) + 1, day, 0, 0, 0]);
  return typeof local === 'number' ? { moment: toUtc(local, timezone) } : local;
}

/** Milliseconds since 1970, as programs write them: no other date has thirteen digits. Feeds tell whole seconds. */
function readCount(text: string): DateReading | undefined {
  return /^\d{13}$/.test(text) ? { moment: Number(text.slice(0, -3)) * 1000 } : undefined;
}

/** Between year and month stands what parts them. */
type Seven = [number, unknown, number, number, number, number, number];
type Six = [number, number, number, number, number, number];

/** The written date as if it were UTC, or why there is no such date. */
function localMoment(
  text: string,
  [year, month, day, hour, minute, second]: Six,
): number | { reason: string } {
  const at = new Date(0);
  at.setUTCFullYear(year, month - 1, day); // Date.UTC would take the years 0 to 99 for 1900 to 1999.
  at.setUTCHours(hour, minute, second);
  const exists =
    at.getUTCMonth() === month - 1 && at.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  return exists ? at.getTime() : { reason: `"${text}" does not exist in the calendar or on the clock` };
}

/** Clocks on earth are at most 14 hours away from UTC. */
function isOffset(zone: string): boolean {
  const [, hours = '0', minutes = '0'] = /(\d{2}):?(\d{2})$/.exec(zone) ?? [];
  return Number(minutes) < 60 && Number(hours) * 60 + Number(minutes) <= 14 * 60;
}

function offsetOf(zone: string): number {
  const numeric = /^([+-])(\d{2}):?(\d{2})$/.exec(zone);
  if (!numeric) return (ZONE_HOURS[zone.toLowerCase()] ?? 0) * HOUR;
  const size = Number(numeric[2]) * HOUR + Number(numeric[3]) * 60_000;
  return numeric[1] === '-' ? -size : size;
}

/**
 * A local time in `timezone`, given as if it were UTC, as a moment. One that a clock change skips moves forward by what
 * was skipped; one that occurs twice is the first.
 */
function toUtc(local: number, timezone: string): Moment {
  if (timezone === 'UTC') return local;
  const before = zoneOffset(local - DAY, timezone);
  const after = zoneOffset(local + DAY, timezone);
  for (const offset of [Math.max(before, after), Math.min(before, after)]) {
    if (zoneOffset(local - offset, timezone) === offset) return local - offset;
  }
  return local - before;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** How far the clocks of `timezone` are ahead of UTC at `moment`, in milliseconds. */
function zoneOffset(moment: Moment, timezone: string): number {
  return wallClock(moment, timezone) - moment;
}

/** What the clocks of `timezone` show at `moment`, as if it were UTC. */
function wallClock(moment: Moment, timezone: string): number {
  if (timezone === 'UTC') return moment;
  let formatter = formatters.get(timezone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      calendar: 'iso8601',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formatters.set(timezone, formatter);
  }
  const part: Record<string, number> = {};
  for (const { type, value } of formatter.formatToParts(moment)) part[type] = Number(value);
  return Date.UTC(
    part['year']!,
    part['month']! - 1,
    part['day'],
    part['hour'],
    part['minute'],
    part['second'],
  );
}

/** The day that `moment` falls on in `timezone`, as YYYY-MM-DD. */
export function dayIn(timezone: string, moment: Moment): string {
  return new Date(wallClock(moment, timezone)).toISOString().slice(0, 10);
}

/** A moment as the clocks of `timezone` show it, with their offset: 2026-05-17T09:30:00+02:00. */
export function isoIn(timezone: string, moment: Moment): string {
  const second = moment - (moment % 1000);
  const offset = zoneOffset(second, timezone);
  const minutes = Math.round(Math.abs(offset) / 60_000);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60].map((part) => `${part}`.padStart(2, '0'));
  const local = new Date(second + offset).toISOString().slice(0, 19);
  return `${local}${offset < 0 ? '-' : '+'}${hours}:${rest}`;
}

/** Whether this is the name of a time zone, like Europe/Paris. */
export function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
