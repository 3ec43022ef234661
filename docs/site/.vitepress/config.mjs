// VitePress: how the staged pages become the site. scripts/docs.mjs stages them and writes outline.json.
import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitepress';

const { title, description, sidebar, repository } = JSON.parse(
  readFileSync(new URL('../outline.json', import.meta.url), 'utf8'),
);

/** The fragment of a heading, as code hosts make it: the links of the pages are made for these. */
function fragment(heading) {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
    .replaceAll(' ', '-');
}

export default defineConfig({
  title,
  description,
  srcDir: 'pages',
  outDir: '../../site',
  // Nothing of the site is fetched from elsewhere.
  head: [],
  cleanUrls: false,
  metaChunk: true,
  markdown: { anchor: { slugify: fragment }, toc: { slugify: fragment }, headers: { slugify: fragment } },
  themeConfig: {
    outline: [2, 3],
    search: { provider: 'local' },
    sidebar,
    nav: [
      { text: 'Start', link: '/start' },
      { text: 'Recipes', link: '/recipes' },
      { text: 'Rules', link: '/rules/' },
      { text: 'Catalog', link: '/catalog' },
    ],
    ...(repository ? { socialLinks: [{ icon: 'git', link: repository, ariaLabel: 'Source' }] } : {}),
    footer: {
      message: 'MIT licence. Facts from documents of Microsoft under CC BY 4.0; not a Microsoft product.',
    },
  },
});
