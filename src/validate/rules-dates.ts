/** Rules for moments that no clock should have shown. */
import type { FeedDocument } from './document.ts';
import { fault } from './rule.ts';
import type { Rule } from './rule.ts';

const YEAR_1990 = Date.UTC(1990, 0, 1);
/** By how much clocks may differ. */
const TEN_MINUTES = 600_000;

export const DATE_RULES: Rule<FeedDocument>[] = [
  {
    name: 'implausible-date',
    level: 'warning',
    section: 'W3C feed validator, ImplausibleDate',
    *check({ entries }) {
      for (const entry of entries) {
        const early = momentsOf(entry).find((moment) => moment < YEAR_1990);
        if (early !== undefined)
          yield fault(entry, `The entry is dated ${dayOf(early)}, before there were feeds: check its date.`);
      }
    },
  },
  {
    name: 'feed-date',
    level: 'warning',
    section: 'W3C feed validator, ImplausibleDate',
    *check({ dates }) {
      for (const { moment, ...place } of dates) {
        if (moment < YEAR_1990)
          yield fault(
            place,
            `The feed says that it last changed on ${dayOf(moment)}, which is what a program writes that knows no date: write that of the newest entry.`,
          );
      }
    },
  },
  {
    name: 'future-date',
    level: 'warning',
    section: 'W3C feed validator, ImplausibleDate',
    *check({ entries, dates }, { now = Infinity }) {
      const isToCome = (moment: number): boolean => moment > now + TEN_MINUTES;
      for (const { moment, ...place } of dates) {
        if (isToCome(moment))
          yield fault(
            place,
            `The feed says that it changed on ${dayOf(moment)}, which is still to come: set the clock of the machine that writes it.`,
          );
      }
      for (const entry of entries) {
        const late = momentsOf(entry).find(isToCome);
        if (late !== undefined)
          yield fault(
            entry,
            `The entry is dated ${new Date(late).toISOString().replace('.000', '')}, which is still to come, so readers hide it or keep it on top: check date and time zone, or publish it then.`,
          );
      }
    },
  },
];

function momentsOf({ published, updated }: FeedDocument['entries'][number]): number[] {
  return [published, updated].filter((moment) => moment !== undefined);
}

function dayOf(moment: number): string {
  return new Date(moment).toISOString().slice(0, 10);
}
