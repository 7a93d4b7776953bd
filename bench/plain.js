/**
 * What somebody would write in an evening, for comparison: gray-matter, marked and feed; the site's feed and one per tag, 20
 * entries each, in three formats. It neither sanitises nor checks, and writes files in place.
 */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Feed } from 'feed';
import matter from 'gray-matter';
import { marked } from 'marked';

const [content, out] = process.argv.slice(2);
const posts = readdirSync(content)
  .map((name) => {
    const { data, content: body } = matter(readFileSync(join(content, name), 'utf8'), {});
    return { name, data, html: marked.parse(body) };
  })
  .sort((a, b) => new Date(b.data.date) - new Date(a.data.date));

const tags = new Map();
for (const post of posts)
  for (const tag of post.data.tags ?? []) tags.set(tag, [...(tags.get(tag) ?? []), post]);

write('', posts);
for (const [tag, tagged] of tags) write(`tags/${tag.replace(/\W+/g, '-')}/`, tagged);

function write(folder, all) {
  const feed = new Feed({
    id: 'https://example.com/',
    title: 'Example',
    link: 'https://example.com/',
    updated: new Date(all[0].data.date),
  });
  for (const { name, data, html } of all.slice(0, 20)) {
    const link = `https://example.com/posts/${name}/`;
    feed.addItem({
      title: data.title,
      id: link,
      link,
      date: new Date(data.date),
      published: new Date(data.date),
      description: data.summary,
      content: html,
    });
  }
  mkdirSync(join(out, folder), { recursive: true });
  writeFileSync(join(out, folder, 'feed.xml'), feed.rss2());
  writeFileSync(join(out, folder, 'atom.xml'), feed.atom1());
  writeFileSync(join(out, folder, 'feed.json'), feed.json1());
}
