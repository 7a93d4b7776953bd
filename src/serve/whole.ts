/** Whether a feed's file ends as it should: what was cut off, or filled with something else, is not sent. Pure. */

const ENDS: Readonly<Record<string, RegExp>> = {
  xml: /<\/(?:rss|feed)>\s*$/,
  json: /\}\s*$/,
  html: /<\/html>\s*$/,
  opml: /<\/opml>\s*$/,
};

export function isWhole({ name, body }: { name: string; body: Buffer }): boolean {
  const end = ENDS[name.slice(name.lastIndexOf('.') + 1)];
  return end === undefined || end.test(body.subarray(-100).toString('utf8'));
}
