/** Zola: content/section/name.md is /section/name/, without a date that the name begins with. */
import { FrontMatterError } from '../content/front-matter-block.ts';
import { readFrontMatter } from '../content/front-matter.ts';
import { isLanguageTag } from '../content/language.ts';
import { optional } from '../content/values.ts';
import type { Data } from './generator-config.ts';
import { authorOf, mapOf, readConfig, textAt } from './generator-config.ts';
import { rulesOf, withoutLanguage } from '../publish/generators.ts';
import type { Files, Found, Layout } from './layout.ts';
import { byFolder, byPath, placeOf, undatedName } from './patterns.ts';

export const ZOLA: Layout = {
  name: 'Zola',
  find,
  feed: '/atom.xml',
  addressKey: 'path',
  post: { nested: true },
};

function find(files: Files): Found | undefined {
  const main = readConfig(files, ['zola.toml', 'config.toml']);
  if (!main || textAt(main.data, 'base_url') === undefined) return undefined;
  const { name, data } = main;
  if (name === 'config.toml' && files.names('content').length === 0) return undefined;
  const extra = mapOf(data['extra']);
  const home = homeOf(files);
  const slugify = mapOf(data['slugify']);
  const segment = textAt(slugify, 'paths') === 'off' ? (text: string) => text : rulesOf('zola').segment;
  const language = textAt(data, 'default_language') ?? 'en';
  const languages = [
    language,
    ...Object.keys(mapOf(data['languages'])).filter((each) => each !== language && isLanguageTag(each)),
  ];
  return {
    config: name,
    site: {
      ...optional('title', textAt(data, 'title') ?? textAt(home, 'title')),
      ...optional('url', textAt(data, 'base_url')),
      ...optional('description', textAt(data, 'description') ?? textAt(home, 'description')),
      ...optional('language', textAt(data, 'default_language')),
      ...authorOf(data['author'], extra['author']),
    },
    dir: 'content',
    permalinks: (section) => [byPath('zola'), ...byFolder(section)],
    ...(languages.length > 1 && { languages }),
    address: (post) => {
      const { path, translation } = withoutLanguage(post.path, languages);
      const { folders, name: whole } = placeOf({ path });
      const own = post.slug ?? (slugify['paths_keep_dates'] === true ? whole : undatedName({ path }));
      const prefix = translation === undefined ? '' : `/${translation}`;
      return `${prefix}/${[...folders, own].map(segment).join('/')}/`;
    },
    notes: [],
  };
}

/** What the section of all content says of itself: some sites are called nowhere else. */
function homeOf(files: Files): Data {
  try {
    return readFrontMatter(files.text('content/_index.md') ?? '').fields;
  } catch (error) {
    if (error instanceof FrontMatterError) return {};
    throw error;
  }
}
