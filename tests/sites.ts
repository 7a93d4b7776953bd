/** Small sites as generators make them, each with three posts; and the addresses that the generators give these. */

export interface ExampleSite {
  files: Record<string, string>;
  /** What `init` writes of it. */
  settings: object;
  /** Titles and addresses, newest first. */
  entries: [title: string, url: string][];
}

/** `hugo new site`, `hugo new content`; https://blog.example/ in place of the example. */
const HUGO: ExampleSite = {
  files: {
    'hugo.toml': `baseURL = 'https://blog.example/'
languageCode = 'en-us'
title = 'My New Hugo Site'
timeZone = 'Europe/Paris'

[params]
  description = "Notes: on things"
  author = 'Ann Example'
`,
    'archetypes/default.md': `+++
date = '{{ .Date }}'
draft = true
title = '{{ replace .File.ContentBaseName "-" " " | title }}'
+++
`,
    'content/_index.md': '+++\ntitle = "Home"\n+++\n',
    'content/posts/_index.md': '+++\ntitle = "Posts"\n+++\n',
    'content/posts/my-first-post.md': `+++
date = '2024-05-17T09:30:00+02:00'
draft = false
title = 'My First Post'
+++
This is **bold** text.
`,
    'content/posts/2024-05-18-dated.md': "+++\ndate = 2024-05-18\ntitle = 'Dated'\n+++\nText.\n",
    'content/posts/bundle/index.md':
      "+++\ndate = '2024-05-19T00:00:00Z'\ntitle = 'A Bundle'\ntags = ['one']\n+++\nText.\n",
    'content/posts/new.md': "+++\ndate = '2024-05-20T00:00:00Z'\ndraft = true\ntitle = 'New'\n+++\n",
  },
  settings: {
    site: {
      title: 'My New Hugo Site',
      url: 'https://blog.example/',
      description: 'Notes: on things',
      language: 'en-US',
      timezone: 'Europe/Paris',
      author: { name: 'Ann Example' },
    },
    content: { dir: 'content', permalink: '/:path/', generator: 'hugo' },
  },
  entries: [
    ['A Bundle', 'https://blog.example/posts/bundle/'],
    ['Dated', 'https://blog.example/posts/2024-05-18-dated/'],
    ['My First Post', 'https://blog.example/posts/my-first-post/'],
  ],
};

/** `jekyll new`. */
const JEKYLL: ExampleSite = {
  files: {
    '_config.yml': `# Welcome to Jekyll!
title: Your awesome title
email: your-email@example.com
description: >- # this means to ignore newlines until "baseurl:"
  Write an awesome description for your new site here. You can edit this
  line in _config.yml.
baseurl: "/blog" # the subpath of your site, e.g. /blog
url: "https://ann.example" # the base hostname & protocol for your site, e.g. http://example.com
twitter_username: jekyllrb
author:
  name: Ann
  email: ann@ann.example

# Build settings
theme: minima
plugins:
  - jekyll-feed
`,
    Gemfile: 'source "https://rubygems.org"\ngem "jekyll", "~> 4.3.1"\n',
    '404.html': '---\npermalink: /404.html\nlayout: default\n---\n',
    'about.markdown': '---\nlayout: page\ntitle: About\npermalink: /about/\n---\nAbout.\n',
    'index.markdown': '---\nlayout: home\n---\n',
    '_posts/2024-05-17-welcome-to-jekyll.markdown': `---
layout: post
title:  "Welcome to Jekyll!"
date:   2024-05-17 12:31:56 +0000
---
You’ll find this post in your \`_posts\` directory.
`,
    '_posts/2024-05-18-Second-Post.md': '---\nlayout: post\ntitle: Second\n---\nText.\n',
    '_posts/2024/2024-05-19-third.md': '---\nlayout: post\ntitle: Third\nslug: number-three\n---\nText.\n',
    '_drafts/not-yet.md': '---\nlayout: post\ntitle: Not yet\n---\nText.\n',
  },
  settings: {
    site: {
      title: 'Your awesome title',
      url: 'https://ann.example/blog/',
      description:
        'Write an awesome description for your new site here. You can edit this line in _config.yml.',
      author: { name: 'Ann', email: 'ann@ann.example' },
    },
    content: {
      dir: '_posts',
      permalink: '/:categories/:year/:month/:day/:title:output_ext',
      generator: 'jekyll',
    },
  },
  entries: [
    ['Third', 'https://ann.example/blog/2024/05/19/number-three.html'],
    ['Second', 'https://ann.example/blog/2024/05/18/Second-Post.html'],
    ['Welcome to Jekyll!', 'https://ann.example/blog/2024/05/17/welcome-to-jekyll.html'],
  ],
};

/** `zola init`, and a section. */
const ZOLA: ExampleSite = {
  files: {
    'config.toml': `# The URL the site will be built for
base_url = "https://zola.example"
title = "A \\"Zola\\" site"
default_language = "fr"

# Whether to automatically compile all Sass files in the sass directory
compile_sass = true

[markdown]
highlight_code = true

[extra]
author = "Ann"
`,
    'content/_index.md': '+++\n+++\n',
    'content/blog/_index.md': '+++\ntitle = "Blog"\nsort_by = "date"\n+++\n',
    'content/blog/first.md': `+++
title = "First"
date = 2024-05-17

[taxonomies]
tags = ["rust", "web"]
+++
This is my first blog post.
`,
    'content/blog/2024-05-18-second.md': '+++\ntitle = "Second"\n+++\nText.\n',
    'content/blog/third/index.md':
      '+++\ntitle = "Third"\ndate = 2024-05-19T08:00:00Z\nslug = "the-third"\n+++\nText.\n',
    'templates/index.html': '<!DOCTYPE html>',
  },
  settings: {
    site: { title: 'A "Zola" site', url: 'https://zola.example', language: 'fr', author: { name: 'Ann' } },
    content: { dir: 'content', permalink: '/:path/', generator: 'zola' },
  },
  entries: [
    ['Third', 'https://zola.example/blog/the-third/'],
    ['Second', 'https://zola.example/blog/second/'],
    ['First', 'https://zola.example/blog/first/'],
  ],
};

const astroPost = (title: string, day: string): string => `---
title: '${title}'
description: 'Lorem ipsum dolor sit amet'
pubDate: '${day}'
heroImage: '../../assets/blog-placeholder-3.jpg'
---

Lorem ipsum.
`;

/** `npm create astro -- --template blog` */
const ASTRO: ExampleSite = {
  files: {
    'astro.config.mjs': `// @ts-check
import { defineConfig } from 'astro/config';
import mdx from '@astrojs/mdx';
import sitemap from '@astrojs/sitemap';

// https://astro.build/config
export default defineConfig({
  // site: 'https://wrong.example',
  site: 'https://astro.example',
  integrations: [mdx(), sitemap()],
});
`,
    'package.json': '{ "name": "blog", "type": "module", "dependencies": { "astro": "^5.0.0" } }',
    'src/consts.ts': `// Place any global data in this file.
export const SITE_TITLE = 'Astro Blog';
export const SITE_DESCRIPTION = 'Welcome to my website!';
`,
    'src/content.config.ts':
      "const blog = defineCollection({ loader: glob({ base: './src/content/blog' }) });\n",
    'src/content/blog/first-post.md': astroPost('First post', 'Jul 08 2022'),
    'src/content/blog/second-post.md': astroPost('Second post', '2022-07-15T10:00:00Z'),
    'src/content/blog/using-mdx.mdx': astroPost('Using MDX', 'Jun 01 2024').replace(
      'Lorem ipsum.',
      'import HeaderLink from \'../../components/HeaderLink.astro\';\n\n<HeaderLink href="#">Embedded</HeaderLink>\n\nText.',
    ),
    'src/pages/index.astro': '---\n---\n<h1>Home</h1>\n',
    'src/pages/blog/index.astro': '---\n---\n',
    'src/pages/blog/[...slug].astro': '---\n---\n',
    'src/pages/rss.xml.js': 'export async function GET() {}\n',
  },
  settings: {
    site: { title: 'Astro Blog', url: 'https://astro.example', description: 'Welcome to my website!' },
    content: { dir: 'src/content/blog', permalink: '/blog/:path/', generator: 'astro' },
  },
  entries: [
    ['Using MDX', 'https://astro.example/blog/using-mdx/'],
    ['Second post', 'https://astro.example/blog/second-post/'],
    ['First post', 'https://astro.example/blog/first-post/'],
  ],
};

/** eleventy-base-blog. */
const ELEVENTY: ExampleSite = {
  files: {
    'eleventy.config.js': `export default async function (eleventyConfig) {}
export const config = {
  markdownTemplateEngine: "njk",
  dir: {
    input: "content",          // default: "."
    includes: "../_includes",  // default: "_includes" (\`input\` relative)
    data: "../_data",          // default: "_data" (\`input\` relative)
    output: "_site"
  },
};
`,
    '_data/metadata.js': `export default {
	title: "Eleventy Base Blog v9",
	url: "https://eleventy.example/",
	language: "en",
	description: "I am writing about my experiences as a naval navel-gazer.",
	author: {
		name: "Your Name Here",
		email: "youremailaddress@eleventy.example",
		url: "https://eleventy.example/about-me/"
	}
}
`,
    'content/index.njk': '---\n---\n',
    'content/about.md': '---\nlayout: layouts/base.njk\n---\n# About\n',
    'content/blog/blog.11tydata.js': 'export default { tags: ["posts"], layout: "layouts/post.njk" };\n',
    'content/blog/firstpost.md': '---\ntitle: This is my first post.\ndate: 2018-05-01\n---\nText.\n',
    'content/blog/2018-07-04-secondpost.md': '---\ntitle: This is my second post\n---\nText.\n',
    'content/blog/fourthpost/fourthpost.md':
      '---\ntitle: This is my fourth post.\ndate: 2018-09-30\n---\nText.\n',
  },
  settings: {
    site: {
      title: 'Eleventy Base Blog v9',
      url: 'https://eleventy.example/',
      description: 'I am writing about my experiences as a naval navel-gazer.',
      language: 'en',
      author: {
        name: 'Your Name Here',
        email: 'youremailaddress@eleventy.example',
        url: 'https://eleventy.example/about-me/',
      },
    },
    content: { dir: 'content/blog', permalink: '/blog/:path/', generator: 'eleventy' },
  },
  entries: [
    ['This is my fourth post.', 'https://eleventy.example/blog/fourthpost/'],
    ['This is my second post', 'https://eleventy.example/blog/2018-07-04-secondpost/'],
    ['This is my first post.', 'https://eleventy.example/blog/firstpost/'],
  ],
};

/** A folder of markdown. */
const PLAIN: ExampleSite = {
  files: {
    'README.md': '# My posts\n',
    'posts/first.md': '---\ntitle: First\ndate: 2024-05-17\n---\nText.\n',
    'posts/2024-05-18-second.md': '# Second\n\nText.\n',
    'posts/third/index.md': '---\ntitle: Third\ndate: 2024-05-19\n---\n![a](a.png)\n',
  },
  settings: { content: { dir: 'posts', permalink: '/posts/:slug/' } },
  entries: [
    ['Third', 'http://127.0.0.1:3000/posts/third/'],
    ['Second', 'http://127.0.0.1:3000/posts/second/'],
    ['First', 'http://127.0.0.1:3000/posts/first/'],
  ],
};

export const SITES: Record<string, ExampleSite> = {
  Hugo: HUGO,
  Jekyll: JEKYLL,
  Zola: ZOLA,
  Astro: ASTRO,
  Eleventy: ELEVENTY,
  plain: PLAIN,
};
