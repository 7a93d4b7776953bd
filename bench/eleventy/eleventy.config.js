/** The same feeds of the same posts as the others make: posts are not written as pages. */
import rss from '@11ty/eleventy-plugin-rss';

export default function (config) {
  config.addPlugin(rss);
  config.setQuietMode(true);
  config.addGlobalData('permalink', () => false);
  config.addCollection('posts', (all) => all.getFilteredByGlob('./posts/*.md'));
  config.addFilter('newest', (posts) => posts.slice(-20).reverse());
  config.addFilter('link', (post) => `https://example.com/posts/${post.fileSlug}/`);
  // What makes relative links absolute asks whether the page is HTML; posts that are not written are none.
  config.addFilter('asPage', ({ fileSlug, page }) => ({
    ...page,
    url: `/posts/${fileSlug}/`,
    outputPath: `./posts/${fileSlug}/index.html`,
  }));
  return {
    markdownTemplateEngine: false,
    dir: { input: '.', output: 'feeds-out' },
  };
}
