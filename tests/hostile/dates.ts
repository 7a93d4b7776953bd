/** Dates that do not exist, cannot be read, or would be rolled over. `NOW` in the tests is noon of 2026-11-23. */
import { BROKEN, ENTRY, PAGE, SILENT, WARNED, post, row, yaml } from './row.ts';
import type { Expect, Row } from './row.ts';

const dated = (date: string): string => yaml(`title: One\ndate: ${date}`);
const at = (published: string): Expect => ({ ...ENTRY, published });

const IMPOSSIBLE = [
  '2026-02-30', '2025-02-29', '1900-02-29', '2026-04-31', '2026-13-01', '2026-00-10', '2026-05-00', '2026-05-32',
  '0000-00-00', '0001-01-01', '0099-12-31', '1899-12-31', '2037-01-01', '9999-12-31', '10000-01-01', '-2026-05-17', '+002026-05-17',
  '2026-05-17T24:00:00Z', '2026-05-17T25:00', '2026-05-17T10:60', '2026-05-17T10:00:61Z', '2026-05-17T10:00:00+25:00',
  '2026-05-17T10:00:00+05:60', '2026-05-17T10:00:00-99:99', '2026-05-17T10:00:00+1', '2026-05-17T10', '2026-05-17T10:00:00 Mars/Base',
  '26-05-17', '5/17/26', '17.05.2026', 'May 2026', '05/17/2026', 'Mai 17, 2026', '17 May', '2026-05', '2026', '2026-W20-1', '2026-137', '20260517',
  '1700000000', '1e9', '0', '-1', 'now', 'today', 'NaN', 'Invalid Date', 'true', '"{{ page.date }}"',
  '[2026-05-17]', '{ year: 2026, month: 5 }', '2026-05-17/2026-05-18', '2026-05-17 to 2026-05-18', '2026-05-17T10:00:00[Europe/Paris]',
  '٢٠٢٦-٠٥-١٧', '２０２６-０５-１７', '2026–05–17', '2026-05-17<script>', "'2026-05-17''; DROP TABLE posts; --'",
  'Mon, 17 May 2026 10:00:00 GMT', 'Sun, 17 May 26 10:00:00 GMT', 'Sun, 30 Feb 2026 10:00:00 GMT', 'Sun, 17 May 2026 24:00:00 GMT', 'Sun, 17 Mai 2026 10:00:00 GMT',
]; // prettier-ignore

export const DATES: Row[] = [
  ...IMPOSSIBLE.map((date, index) => row(`date-bad-${index}.md`, `No date: ${date}`, dated(date), BROKEN)),
  row('date-long.md', 'A date of 50,000 digits', dated('2'.repeat(50_000)), BROKEN),
  row('date-blanks.md', 'A date behind 50,000 blanks', dated(`"2026-05-17${' '.repeat(50_000)}x"`), BROKEN),
  row('date-none.md', 'No date anywhere', yaml('title: One'), PAGE),
  row('date-null.md', 'A date that is null', dated('null '), PAGE),
  row('date-empty.md', 'An empty date', yaml('title: One\ndate:'), PAGE),
  row('date-maybe.md', 'published: maybe is no date', yaml('title: One\npublished: maybe'), PAGE),
  row('date-milliseconds.md', 'Milliseconds since 1970', dated('1700000000000'), { ...ENTRY, published: '2023-11-14T22:13:20Z' }),
  row('2026-02-28-date-rolled.md', 'The day in the name stands in', dated('2026-02-30'), { ...WARNED, published: '2026-02-28T00:00:00Z' }),
  row('2026-02-28-date-far.md', 'The day in the name stands in for the year 9999', dated('9999-01-01'), { ...WARNED, published: '2026-02-28T00:00:00Z' }),
  row('2026-02-28-date-list.md', 'The day in the name stands in for a list', dated('[1, 2]'), { ...WARNED, published: '2026-02-28T00:00:00Z' }),
  row('2026-02-30-date-name.md', 'A day in the name that does not exist', yaml('title: One'), BROKEN),
  row('2026-13-45-date-name.md', 'A month in the name that does not exist', yaml('title: One'), BROKEN),
  row('0001-01-01-date-name.md', 'The year 1 in the name', yaml('title: One'), BROKEN),
  row('9999-12-31-date-name.md', 'The year 9999 in the name', yaml('title: One'), BROKEN),
  row('2026-02-30-date-right.md', 'A wrong day in the name does not matter if the date is right', dated('2026-02-28'), at('2026-02-28T00:00:00Z')),
  row('2026-05-17.md', 'Nothing but a day in the name', 'Text.\n', { ...WARNED, published: '2026-05-17T00:00:00Z' }),
  row('2024/02/29/date-folders.md', 'A leap day in folders', yaml('title: One'), at('2024-02-29T00:00:00Z')),
  row('2023/02/29/date-folders.md', 'A day in folders that does not exist', yaml('title: One'), BROKEN),
  row('date-first.md', 'The first date counts, though the second one could be read', post('').replace('2026-05-17', 'soon\ncreated: 2026-05-17'), BROKEN),
  row('date-early.md', 'The first moment of 1900', dated('1900-01-01T00:00:00Z'), at('1900-01-01T00:00:00Z')),
  row('date-negative.md', 'Before 1970', dated('1969-12-31T23:59:59Z'), at('1969-12-31T23:59:59Z')),
  row('date-one-digit.md', 'Months, days and hours of one digit', dated('2026-5-7 9:05:00+00:00'), at('2026-05-07T09:05:00Z')),
  row('date-fraction.md', 'Parts of a second', dated('2026-05-17T10:00:00.123456789Z'), at('2026-05-17T10:00:00Z')),
  row('date-zone-far.md', 'The farthest zone', dated('2026-05-17T00:00:00+14:00'), at('2026-05-16T10:00:00Z')),
  row('date-zone-blank.md', 'A blank before the zone', dated('2023-01-29 18:30:22 -0800'), at('2023-01-30T02:30:22Z')),
  row('date-mail.md', 'As mails write it', dated('"Sun, 17 May 2026 10:00:00 +0200"'), at('2026-05-17T08:00:00Z')),
  row('date-astro.md', 'As the template of Astro writes it', dated("'Jul 08 2022'"), at('2022-07-08T00:00:00Z')),
  row('date-astro-never.md', 'A day that never was, as the template of Astro would write it', dated("'Feb 30 2022'"), BROKEN),
  row('date-leap-second.md', 'A leap second', dated('2016-12-31T23:59:60Z'), { is: 'open' }),
  row('date-scheduled.md', 'A second after now', dated('2026-11-23T12:00:01Z'), SILENT),
  row('date-decade.md', 'The last year that is allowed is scheduled', dated('2036-12-31'), SILENT),
  row('date-now.md', 'Now', dated('2026-11-23T12:00:00Z'), at('2026-11-23T12:00:00Z')),
  row('date-expired.md', 'Expired', post('expiryDate: 2026-06-01'), SILENT),
  row('date-expires-bad.md', 'An expiry that cannot be read', post('expires: whenever'), WARNED),
  row('date-updated-before.md', 'Updated before it was published', post('updated: 2020-01-01'), { ...ENTRY, updated: '2026-05-17T00:00:00Z' }),
  row('date-updated-bad.md', 'An update that cannot be read', post('lastmod: 2026-02-30'), { ...WARNED, updated: '2026-05-17T00:00:00Z' }),
  row('date-updated-list.md', 'An update that is a list', post('lastmod: [2026-06-01]'), WARNED),
]; // prettier-ignore
