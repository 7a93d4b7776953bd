/** Media that is attached to a post, as its front matter has it. */
import type { Value } from './front-matter.ts';
import { all } from './lookup.ts';
import type { Fields, LookUp } from './lookup.ts';
import type { Enclosure } from './post.ts';
import { clean, oneLine } from './text.ts';
import { isMap, list, optional, textOf, uniqueBy } from './values.ts';

const MEDIA_TYPES: Record<string, string> = {
  mp3: 'audio/mpeg', m4a: 'audio/x-m4a', aac: 'audio/aac', ogg: 'audio/ogg', oga: 'audio/ogg', opus: 'audio/ogg', wav: 'audio/wav', flac: 'audio/flac',
  mp4: 'video/mp4', m4v: 'video/x-m4v', webm: 'video/webm', mov: 'video/quicktime', ogv: 'video/ogg',
  pdf: 'application/pdf', epub: 'application/epub+zip', zip: 'application/zip',
  jpg: 'image/jpeg', jpeg: 'image/jpeg', png: 'image/png', gif: 'image/gif', webp: 'image/webp', avif: 'image/avif', svg: 'image/svg+xml',
}; // prettier-ignore

/** The media type that a URL's file extension stands for, or undefined. */
function mediaType(url: string): string | undefined {
  const extension = /\.([a-z0-9]+)(?:[?#]|$)/i.exec(url)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(MEDIA_TYPES, extension) ? MEDIA_TYPES[extension] : undefined;
}

/** Whether a whole address is that of something to be played. */
export function isEpisode(value: Value | undefined): boolean {
  const url = textOf(value);
  return /^https?:/i.test(url) && /^(?:audio|video)\//.test(mediaType(url) ?? '');
}

/** What is attached to a post: also where the address of an episode, or what it links to, is that of its file. */
export function readEnclosures(fields: Fields, field: LookUp): Enclosure[] {
  const values = all(fields, 'enclosures');
  for (const name of ['permalink', 'externalUrl'] as const) {
    const address = field(name)?.value;
    if (isEpisode(address)) values.push(address!);
  }
  if (values.length === 0) return [];
  const enclosures = enclosuresOf(values);
  const [only, another] = enclosures;
  if (!only || another) return enclosures;
  // What the post says of one file may stand beside it.
  return [
    {
      ...optional('length', wholeNumber(field('length')?.value)),
      ...optional('duration', readDuration(field('duration')?.value)),
      ...only,
    },
  ];
}

/** As URLs or maps; an item without a URL is left out. */
function enclosuresOf(values: Value[]): Enclosure[] {
  const found = values.flatMap(list).flatMap((item): Enclosure[] => {
    const map = isMap(item) ? item : { url: item };
    const url = clean(textOf(map['url'] ?? map['src'] ?? map['href'] ?? map['file']));
    if (!url) return [];
    const type = textOf(map['type'] ?? map['mime_type']);
    return [
      {
        url,
        type: /^[\w.+-]+\/[\w.+-]+$/.test(type) ? type : (mediaType(url) ?? 'application/octet-stream'),
        ...optional(
          'length',
          wholeNumber(map['length'] ?? map['size'] ?? map['bytes'] ?? map['size_in_bytes']),
        ),
        ...optional('duration', readDuration(map['duration'] ?? map['duration_in_seconds'])),
        ...optional('title', oneLine(textOf(map['title'])) || undefined),
      },
    ];
  });
  return uniqueBy(found, (enclosure) => enclosure.url);
}

function wholeNumber(value: Value | undefined): number | undefined {
  const written = textOf(value);
  return /^\d{1,15}$/.test(written) ? Number(written) : undefined;
}

/** Seconds, from `754`, `12:34` or `1:02:03`. */
function readDuration(value: Value | undefined): number | undefined {
  const written = textOf(value);
  if (!/^\d{1,7}(?::\d{1,2}){0,2}$/.test(written)) return undefined;
  return written.split(':').reduce((seconds, part) => seconds * 60 + Number(part), 0);
}
