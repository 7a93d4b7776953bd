/** All hostile inputs. */
import { DATES } from './dates.ts';
import { FIELDS } from './fields.ts';
import { FRONT_MATTER } from './front-matter.ts';
import { HTML } from './html.ts';
import { MARKDOWN, TEMPLATES } from './markdown.ts';
import { FILES } from './names.ts';
import type { Row } from './row.ts';
import { SIZE } from './size.ts';
import { URLS } from './urls.ts';

export const CORPUS: Row[] = [
  ...FRONT_MATTER,
  ...DATES,
  ...FIELDS,
  ...MARKDOWN,
  ...TEMPLATES,
  ...HTML,
  ...URLS,
  ...FILES,
  ...SIZE,
];
