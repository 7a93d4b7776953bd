/** Dates as feeds write them: RFC 822 in RSS, RFC 3339 in Atom and JSON Feed. What is not a real date is not read. */

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Minutes east of Greenwich for the zones that RFC 822 names (section 5.1). */
const ZONES: Record<string, number> = {
  UT: 0, GMT: 0, Z: 0, EST: -300, EDT: -240, CST: -360, CDT: -300, MST: -420, MDT: -360, PST: -480, PDT: -420,
}; // prettier-ignore

/** Milliseconds since 1970, or what is wrong with the date. */
export type Reading =
  { moment: number; /** Allowed, but some readers stumble. */ doubt?: string } | { fault: string };

const RFC_822 =
  /^(?:([a-z]{3}),\s*)?(\d{1,2})\s+([a-z]{3})\s+(\d{4}|\d{2})\s+(\d{2}):(\d{2})(?::(\d{2}))?\s+([a-z]{1,3}|[+-]\d{4})$/i;

/** `Sat, 07 Sep 2024 00:00:01 GMT` (RFC 822, section 5, as RSS 2.0 takes it). */
export function readRfc822(text: string): Reading {
  const match = RFC_822.exec(text.trim());
  if (!match) return { fault: 'is not written like others: write it like Sat, 07 Sep 2024 00:00:01 GMT' };
  const [, day, date, name = '', year = '', hour, minute, second = '00', zone = ''] = match;
  const month = MONTHS.indexOf(name[0]!.toUpperCase() + name.slice(1).toLowerCase());
  if (month < 0)
    return {
      fault: `names the month ${name}, which readers do not know: write it in English, one of ${MONTHS.join(', ')}`,
    };
  const offset = minutesEast(zone);
  if (offset === undefined) return { fault: `has the zone ${zone}, which no reader knows: write GMT` };
  const fullYear = year.length === 4 ? Number(year) : Number(year) + (Number(year) < 50 ? 2000 : 1900);
  const local = Date.UTC(fullYear, month, Number(date), Number(hour), Number(minute), Number(second));
  if (!isReal(local, Number(date), [hour, minute, second]))
    return { fault: 'is a date or time that does not exist: correct it' };

  const weekday = DAYS[new Date(local).getUTCDay()]!;
  if (day && day.toLowerCase() !== weekday.toLowerCase())
    return { fault: `says ${day}, but that day is a ${weekday}: correct one of the two` };
  const moment = local - offset * 60_000;
  const doubt = doubtOf(text, year, zone);
  return doubt ? { moment, doubt } : { moment };
}

function minutesEast(zone: string): number | undefined {
  if (!/^[+-]/.test(zone)) return ZONES[zone.toUpperCase()];
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(3))];
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

function doubtOf(text: string, year: string, zone: string): string | undefined {
  if (year.length === 2) return 'has a year of two digits: write all four';
  if (/\s\s|[^\S ]|^\s|\s$/.test(text)) return 'has white space other than single blanks: write only those';
  if (!/^(?:GMT|[+-]\d{4})$/.test(zone))
    return `has the zone ${zone}, which some readers take for another: write GMT or a number like +0100`;
  if (!/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} /.test(text))
    return 'begins otherwise than most: begin it like Sat, 07 Sep, with weekday and two digits';
  return undefined;
}

const RFC_3339 = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(\.\d+)?(?:Z|([+-])(\d{2}):(\d{2}))$/;

/** `2024-09-07T00:00:01Z` (RFC 3339, section 5.6, with T and Z in capitals as Atom wants them). */
export function readRfc3339(text: string): Reading {
  const match = RFC_3339.exec(text);
  if (!match)
    return {
      fault: 'is not written like others: write it like 2024-09-07T00:00:01Z, with date, time and zone',
    };
  const [
    ,
    year,
    month,
    date,
    hour,
    minute,
    second,
    fraction = '',
    sign = '',
    zoneHours = '0',
    zoneMinutes = '0',
  ] = match;
  const local = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(date),
    Number(hour),
    Number(minute),
    Number(second),
  );
  const real = isReal(local, Number(date), [hour, minute, second]) && Number(month) <= 12;
  if (!real || Number(zoneHours) > 23 || Number(zoneMinutes) > 59)
    return { fault: 'is a date or time that does not exist: correct it' };
  const offset = Number(`${sign}1`) * (Number(zoneHours) * 60 + Number(zoneMinutes));
  return { moment: local + Number(`0${fraction}`) * 1000 - offset * 60_000 };
}

/** `Date.UTC` rolls 30 February over to March; a date that rolled was none. A leap second is one. */
function isReal(local: number, date: number, [hour, minute, second]: (string | undefined)[]): boolean {
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return false;
  return new Date(local - (second === '60' ? 1000 : 0)).getUTCDate() === date;
}
