import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { renderMarkdown } from '../src/content/markdown.ts';
import { clearTemplates } from '../src/content/templates.ts';

const clear = (text: string, path = 'posts/one.md') => clearTemplates(text, path);
const body = (text: string, path?: string) => clear(text, path).body;
const lost = (text: string) => clear(text).removed.map(({ line, what }) => `${line} ${what}`);
const render = (text: string) =>
  renderMarkdown(body(text), { base: 'https://example.com/posts/one/', idPrefix: 'n' });

describe('what its author hides stays hidden', () => {
  test.each([
    ['Liquid', 'a {% comment %}SECRET{% endcomment %} b'],
    ['Liquid, trimmed and over code', 'a {%- comment -%}\n```\nSECRET\n```\n{%- endcomment -%} b'],
    ['Liquid, nested', 'a {% comment %}{% comment %}x{% endcomment %}SECRET{% endcomment %} b'],
    ['Liquid, within its tag', 'a {% # SECRET %} b'],
    ['Jinja', 'a {# SECRET {{ x }} {% y %} #} b'],
    ['Hugo', 'a {{/* SECRET */}} b'],
    ['Hugo, trimmed', 'a {{- /* SECRET }} */ -}} b'],
    ['Hugo, as a shortcode', 'a {{% comment %}}SECRET\n\n{{< x >}}{{% /comment %}} b'],
    ['kramdown', 'a\n{::comment}\nSECRET\n{:/comment}\nb'],
  ])('a comment of %s', (_, text) => {
    expect(body(text)).not.toContain('SECRET');
    expect(body(text).split(/\s+/)).toEqual(['a', 'b']);
    expect(lost(text)).toEqual([]);
  });

  test.each([
    ['{% if draft %}SECRET{% else %}SECRET{% endif %}', '{% if draft %}'],
    ['{% if a %}{% if b %}x{% endif %}SECRET{% endif %}', '{% if a %}'],
    ['{% unless shown %}SECRET{% endunless %}', '{% unless shown %}'],
    ['{%- for post in posts -%}\n- SECRET\n{%- endfor -%}', '{%- for post in posts -%}'],
    ['{% capture name %}SECRET{% endcapture %}', '{% capture name %}'],
    ['{% set name %}SECRET{% endset %}', '{% set name %}'],
    ['{{< private >}}\nSECRET\n{{< /private >}}', '{{< private >}}'],
    ['{{% hidden since="x" %}}SECRET{{% /hidden %}}', '{{% hidden since="x" %}}'],
  ])('%s goes with a warning', (text, tag) => {
    expect(body(`a ${text} b`).split(/\s+/)).toEqual(['a', 'b']);
    expect(lost(`a ${text} b`)).toEqual([`0 ${tag}`]);
  });

  test('what is never closed hides nothing', () => {
    expect(body('a {% if b %} c')).toBe('a  c');
    expect(body('a {% set b = c %} d')).toBe('a  d');
    expect(body('a {# b')).toBe('a {# b');
  });
});

describe('what its author shows stays as it is', () => {
  test.each([
    ['raw', 'a {% raw %}{{ b }}{% endraw %} c', 'a {{ b }} c'],
    ['raw around code', '{% raw %}\n```\n{{ b }}\n```\n{% endraw %}\n{{ c }}', '\n```\n{{ b }}\n```\n\n'],
    ['raw in code', '```\n{% raw %}\n{{ b }}\n{% endraw %}\n```', '```\n{{ b }}\n```'],
    ['raw in a code span', '`{% raw %}{{ b }}{% endraw %}`', '`{{ b }}`'],
    ['half a raw in code', '`{% raw %}` and `{% endraw %}`', '`{% raw %}` and `{% endraw %}`'],
    [
      'code',
      '```\n{{ a }}\n```\n\n    {{ b }}\n\n`{{ c }}`',
      '```\n{{ a }}\n```\n\n    {{ b }}\n\n`{{ c }}`',
    ],
    [
      'code in a list',
      '- a\n\n      ```js\n      {{ b }}\n      ```\n',
      '- a\n\n      ```js\n      {{ b }}\n      ```\n',
    ],
    ['code behind a list and a block', '- a\n\n```\n```\n\n    {{ b }}', '- a\n\n```\n```\n\n    {{ b }}'],
    ['code in a quote', '> ```\n> {{ b }}\n\n{{ c }}', '> ```\n> {{ b }}\n\n'],
    ['a shortcode of Hugo in comment marks', 'a {{</* b */>}} c', 'a {{< b >}} c'],
    ['a text in quotes', 'a {{ "{{ b }}" }} c', 'a {{ b }} c'],
    ['the id of a heading', '# A {#b}\n\n{{ c }}', '# A {#b}\n\n'],
  ])('%s', (_, text, expected) => {
    expect(body(text)).toBe(expected);
  });

  test('three backticks that are closed on their line begin no block', () => {
    expect(body('```a``` b\n\n{{ c }}')).toBe('```a``` b\n\n');
  });

  test('a tag may be long', () => {
    expect(body(`a {{ quote(text="${'word '.repeat(400)}") }} b`)).toBe('a  b');
    expect(body(`a {% include x text='${'word '.repeat(400)}' %} b`)).toBe('a  b');
  });

  test('a heading that was a tag takes its underline along', () => {
    expect(body('{{ page.title }}\n================\n\nText')).toBe('\n\n\nText');
    expect(body('Text\n====')).toBe('Text\n====');
  });

  test('a block of code is one behind HTML, too, and whatever is in it', () => {
    expect(render('<br />\n{{< highlight json >}}\n{}\n{{< /highlight >}}')).toContain('<pre><code');
    expect(body('{% highlight md %}\n```\na\n```\n{% endhighlight %}')).toBe('````md\n```\na\n```\n````');
  });
});

test('attributes of MDX are those of HTML where they are text', () => {
  const text = '<img src={"https://a.example/b.png"} alt={`c`} style={{ width: 1 }} onClick={go} />';
  expect(body(text, 'one.mdx')).toBe('<img src="https://a.example/b.png" alt="c" onClick={go} />');
  expect(body(text)).toContain('src={"');
});

describe('blocks of code', () => {
  test.each([
    ['{{< code go >}}\na < b\n{{< /code >}}', '```go\na < b\n```'],
    ['{{< code-rust "name" >}}\n# a\n{{< /code-rust >}}', '```rust\n# a\n```'],
    ['{{% codeblock lang="sh" title="x" %}}\n{{ a }}\n{{% /codeblock %}}', '```sh\n{{ a }}\n```'],
    ['{{< terminal >}}\n$ a\n{{< /terminal >}}', '```\n$ a\n```'],
    ['{% highlight ruby linenos %}\na\n{% endhighlight %}', '```ruby\na\n```'],
  ])('%s is one', (text, fence) => {
    expect(clear(text)).toEqual({ body: fence, removed: [] });
  });

  test('one that speaks of others ends where its generator ends it', () => {
    expect(body('{% highlight md %}\n{% highlight js %}\na\n{% endhighlight %}\nb')).toBe(
      '```md\n{% highlight js %}\na\n```\nb',
    );
  });

  test('one that is not closed takes nothing in that follows', () => {
    const text = '{{< code file="a.go" >}}\n\n*b*\n\n{{< code go >}}\nc\n{{< /code >}}';
    expect(body(text)).toBe('\n\n*b*\n\n```go\nc\n```');
    expect(lost(text)).toEqual(['0 {{< code file="a.go" >}}']);
    expect(body('{{< code a.go />}}\n*b*\n{{< /code >}}')).toBe('\n*b*\n');
  });
});

describe('statements of MDX', () => {
  test.each([
    "export const S = ({ n }) => (\n  <Slide name={`a/${n}`}>\n\n    It's (n) https://a.example/\n  </Slide>\n);",
    'export function F({ a }) {\n\n  return <b>{a}</b>; // )\n}',
    'export const x =\n  1;',
    "export const meta = {\n  title: '}',\n\n  n: 1\n};",
    'export { a } from "./a";',
    'import {\n  a,\n} from "a";',
  ])('%j goes as a whole', (statement) => {
    expect(body(`a\n\n${statement}\n\nb`, 'a.mdx').replace(/\n+/g, ' ')).toBe('a b');
  });

  test('one that never ends is one line', () => {
    expect(body('export const a = (\n\n**b**', 'a.mdx')).toBe('\n\n**b**');
    expect(body('export is a word', 'a.mdx')).toBe('export is a word');
  });
});

describe('components of MDX', () => {
  const shown = (text: string): string =>
    renderMarkdown(body(text, 'a.mdx'), { base: 'https://example.com/', idPrefix: 'n' });

  test.each([
    ['<Pic\n  path="a"\n  desc={`it\'s "some" (text)`}\n/>\n\nText.', '<p>Text.</p>'],
    ['<Conv\n  name="a"\n  open\n>\n  **Hi**\n</Conv>', '<p><strong>Hi</strong></p>'],
    [
      '<Conv name={a} style={{ b: 1 }} {...c} onClick={() => go()}>\n  **Hi**\n</Conv>',
      '<p><strong>Hi</strong></p>',
    ],
    ['<a\n  href="/b"\n  class="c"\n>\n  d\n</a>', '<a href="https://example.com/b">\n<p>d\n</p></a><p></p>'],
    [
      '```jsx\n<Conv\n  name="a"\n>\n```',
      '<pre><code class="language-jsx">&lt;Conv\n  name=&quot;a&quot;\n&gt;\n</code></pre>',
    ],
  ])('a tag may have many lines, and values that are expressions: %j', (text, html) => {
    expect(shown(text).trim()).toBe(html);
  });

  test('what stands between their lines is markdown', () => {
    expect(shown('<Callout type="note">\nA [link](/b) and **more**.\n</Callout>\nc')).toBe(
      '<p>A <a href="https://example.com/b">link</a> and <strong>more</strong>.</p>\n<p>c</p>',
    );
    expect(shown('<my-box>\n\t**a**\n\n\t```js\n\tb\n\t```\n\n\t- c\n\t  - d\n</my-box>')).toBe(
      '<p><strong>a</strong></p>\n<pre><code class="language-js">b\n</code></pre>\n<ul>\n<li>c\n<ul>\n<li>d</li>\n</ul>\n</li>\n</ul>',
    );
    expect(shown('```\n<Callout>\n```')).toBe('<pre><code>&lt;Callout&gt;\n</code></pre>');
  });

  test('a tag of several lines loses the attributes that are expressions, and stays one', () => {
    expect(
      shown('<img\n    style={{ width: 3 }}\n    src="/a.png"\n    title={{ b }}\n    alt="A"\n/>\n\nb'),
    ).toBe('<p><img src="https://example.com/a.png" alt="A" /></p>\n<p>b</p>');
  });
});

describe('boxes', () => {
  const LABEL = (label: string) => `<p><strong>${label}</strong></p>\n<p>b</p>`;

  test.each([
    ['{{% note %}}\nb\n{{% /note %}}', LABEL('Note')],
    ['{{< notice tip "A [b]" >}}\nb\n{{< /notice >}}', LABEL('A b')],
    ['{{< admonition type=warning >}}\nb\n{{< /admonition >}}', LABEL('Warning')],
    ['{{< details summary="More" >}}\nb\n{{< /details >}}', LABEL('More')],
    ['{% quote(author="Ann Lee", url="https://a.example/") %}\nb\n{% end %}', LABEL('Ann Lee')],
    ['{% note info %}\nb\n{% endnote %}', LABEL('Note')],
    ['{{< alert >}}\nb\n{{< /alert >}}', '<p>b</p>'],
  ])('%s keeps what it says', (text, html) => {
    expect(render(text)).toBe(html);
    expect(lost(text)).toEqual([]);
  });

  test('a tag within a line or within HTML is left out', () => {
    expect(render('a {{< note >}}b{{< /note >}}')).toBe('<p>a b</p>');
    expect(render('<div>\n{{< note >}}\nb\n</div>')).not.toContain(':::');
  });
});

describe('addresses', () => {
  test.each([
    ['[a]({{ site.baseurl }}/b/)', '<a href="https://example.com/b/">a</a>'],
    ['[a]({{ site.url }}{{ site.baseurl }}/b/)', '<a href="https://example.com/b/">a</a>'],
    ['[a]({{ site.url }})', '<a href="https://example.com/">a</a>'],
    ['[a]({{ "/b c/" | relative_url }})', '<a href="https://example.com/b%20c/">a</a>'],
    ["[a]({{ 'b/' | absolute_url }})", '<a href="https://example.com/b/">a</a>'],
    ['![a]({{ "/b.png" | prepend: site.baseurl }})', '<img src="https://example.com/b.png" alt="a">'],
    ['<img src="{{ "/b.png" | relative_url }}">', '<img src="https://example.com/b.png" />'],
    ['[a]: {{ site.baseurl }}/b\n\n[a]', '<a href="https://example.com/b">a</a>'],
  ])('%s is worked out', (text, html) => {
    expect(render(text).replace(/^<p>|<\/p>$/g, '')).toBe(html);
  });

  test.each([
    '[a]({% post_url 2011-04-27-b %})',
    '[a](/b/{{ c }}/d "title")',
    '[a]({{ b }}{% c %}#d)',
    '[a](https://{{ b }}/c)',
    '[a]({{< ref "b.md" >}})',
    '[a]({{ site.baseurl }}{% link b.md %})',
    '[a][b]\n\n[b]: {{ c }}/d',
    '![a]({{ b }})',
  ])('%s loses its link and keeps its words', (text) => {
    expect(render(text)).toBe('<p>a</p>');
  });

  test('HTML loses them as well', () => {
    expect(render('<a href="{{ b }}/c">a</a><img src={{ d }}><img src="e{{ f }}.png">')).toBe(
      '<p><a>a</a></p>',
    );
  });

  test('a link that its author left empty is no concern of ours', () => {
    expect(render('[a](b) {{ c }}')).toBe('<p><a href="https://example.com/posts/one/b">a</a></p>');
  });
});

describe('shortcodes of pictures', () => {
  test.each([
    ['{{< figure src="b.png" alt="A [b]" >}}', '![A \\[b\\]](<b.png>)'],
    ['{{< figure src="/b.png" caption="1. *C*" />}}', '![](</b.png>)\\\n1\\. *C*'],
    ["{{ figure(src='https://a.example/b.jpg', width=3) }}", '![](<https://a.example/b.jpg>)'],
    ['{{ image(image="content/a/one/b.webp") }}', '![](<b.webp>)'],
    ['{{ image(src="/a/one/b.webp") }}', '![](</a/one/b.webp>)'],
    ['{{% img src=b.svg %}}', '![](<b.svg>)'],
    ['{{ img(src="/b/My picture 2.png", alt="a") }}', '![a](</b/My picture 2.png>)'],
  ])('%s is one', (text, expected) => {
    expect(clear(text, 'a/one/index.md')).toEqual({ body: expected, removed: [] });
  });

  test.each([
    '{{ figure(src=b) }}',
    '{{< figure data="b.png" >}}',
    '{{< video src="b.mp4" >}}',
    '{{ figure(src="a.png", image="b.png") }}',
  ])('%s is none', (text) => {
    expect(body(text)).toBe('');
    expect(lost(text)).toEqual([`0 ${text}`]);
  });
});

describe('what is shown of another site', () => {
  test.each([
    ['{{< youtube abcdefghij- >}}', 'https://www.youtube.com/watch?v=abcdefghij-'],
    ['{{< youtube id="abcdefghij1" autoplay="true" >}}', 'https://www.youtube.com/watch?v=abcdefghij1'],
    ['{{ youtube(id="abcdefghij1", class="wide") }}', 'https://www.youtube.com/watch?v=abcdefghij1'],
    ['{% youtube "https://youtu.be/abcdefghij1?t=5" %}', 'https://youtu.be/abcdefghij1?t=5'],
    ['{% include youtube.html id="abcdefghij1" %}', 'https://www.youtube.com/watch?v=abcdefghij1'],
    [
      "{%- include embeds/youtube-player.html id='abcdefghij1' -%}",
      'https://www.youtube.com/watch?v=abcdefghij1',
    ],
    ['{{< vimeo 1234567 />}}', 'https://vimeo.com/1234567'],
    ['{{< tweet user="ann" id="1234567890" >}}', 'https://x.com/ann/status/1234567890'],
    ['{{< gist ann 0123456789abcdef >}}', 'https://gist.github.com/ann/0123456789abcdef'],
    ['{% gist ann/0123456789abcdef file.ts %}', 'https://gist.github.com/ann/0123456789abcdef'],
    [
      '{{ gist(url="https://gist.github.com/ann/0123456789abcdef") }}',
      'https://gist.github.com/ann/0123456789abcdef',
    ],
    ['{% embed https://video.example/watch?v=1&t=2 %}', 'https://video.example/watch?v=1&t=2'],
  ])('%s is a link', (tag, url) => {
    expect(clear(tag)).toEqual({ body: `<${url}>`, removed: [] });
  });

  test('its title is what the link says', () => {
    expect(render('{{< youtube id="abcdefghij1" title="A [talk] & more" >}}')).toBe(
      '<p><a href="https://www.youtube.com/watch?v=abcdefghij1">A [talk] &amp; more</a></p>',
    );
  });

  test.each([
    '{{< youtube PUT_THE_ID_HERE >}}',
    '{% include youtube.html id=page.video %}',
    '{{ youtube(playlist="abc") }}',
    '{% include footer.html url="https://example.com/" %}',
    '{{< button href="https://example.com/" >}}',
  ])('%s is none that is known', (tag) => {
    expect(body(tag)).toBe('');
    expect(lost(tag)).toEqual([`0 ${tag}`]);
  });
});

test('tags that only keep a value lose nothing', () => {
  expect(clear('{% assign a = b | first %}{% set c = d %}e {{ a.f }}')).toEqual({
    body: 'e ',
    removed: [{ line: 0, what: '{{ a.f }}' }],
  });
});

test('what stood around a tag is not left behind alone', () => {
  expect(render('<span style={{ color: "red" }} id="b">a</span>')).toBe('<p><span id="b">a</span></p>');
  expect(render('a = {{ b }}.')).toBe('<p>a = .</p>');
  expect(render('See <{{ release.url }}> or x<{{ y }}>.')).toBe('<p>See  or x&lt;&gt;.</p>');
});

test('what is never closed takes no time without end', () => {
  const floods = [
    '{{ ',
    '{# ',
    '{% if a %}',
    '{% comment %}',
    '{% raw %}',
    '{% comment %}{% comment %}{% endcomment %}',
    '{{/* ',
    '{::comment}',
    '](a{{ b }}',
    'href={{ b }}',
    '`{{ ',
    '{{ "',
    '{% raw %}\n',
    '```\n{% raw %}\n',
    '{{< highlight a >}}\n',
    '> ```\n',
    '{{ figure(src="',
    '{{< code >}}\n',
    '{{< note a="b" >}}\n',
    '{{< youtube a b >}}',
    '{{< private >}}',
  ];
  for (const flood of floods) {
    clear(`${flood.repeat(Math.floor(200_000 / flood.length))}\n#} endcomment {{< /highlight >}}`);
  }
});

test.each([
  ['lines behind a tag', `{{ a }}\n${'b\n'.repeat(200_000)}`],
  ['lines of tags within an element', `<a ${'b'.repeat(1_000_000)}\n${'{{ c }}\n'.repeat(50_000)}`],
  ['blanks in a reference of Liquid', `{% link${' '.repeat(9000)}| a %}`],
  ['blanks in references of Hugo', `[a]({{< ref${' '.repeat(9900)}" >}})\n`.repeat(500)],
  ['blanks in pictures', `{{< figure ${' '.repeat(9900)}a }}\n`.repeat(500)],
  ['letters in pictures', `{{< figure ${'a'.repeat(9900)} >}}\n`.repeat(500)],
  ['endings of pictures', `{{< figure src="a${'.png?'.repeat(1900)} b" >}}\n`.repeat(500)],
  ['braces in an import', `import ${'{ '.repeat(500_000)}}`],
  ['imports without an end', 'import {\n'.repeat(200_000)],
])('however many %s there are, they take no time without end', (_, text) => {
  for (const path of ['posts/one.md', 'posts/one.mdx']) clear(text, path);
});

test('what stands behind a picture’s name is no part of it', () => {
  expect(body('{{< figure src=a.png/>}}')).toBe('![](<a.png>)');
  expect(body('{{< figure src="a b.png?c=d#e" alt="f" />}}')).toBe('![f](<a b.png?c=d#e>)');
});

const piece = fc.constantFrom(
  'text', ' ', '\n', '\n\n', '    ', '\t', '- ', '> ', '1. ', '`', '```', '```\n', '~~~\n', '<br>', '===\n', '---\n', '](', 'href="', ')', '"', '{', '}', '{#a}', '{: .b}',
); // prettier-ignore
const tag = fc.constantFrom(
  '{{', '}}', '{%', '%}', '{#', '#}', '{{ a }}', '{% b %}', '{% raw %}', '{% endraw %}', '{% if c %}', '{% endif %}', '{% comment %}', '{% endcomment %}', '{{< d >}}', '{% highlight e %}\n', '\n{% endhighlight %}\n', '{::comment}', '{:/}', '{{ "f" }}',
); // prettier-ignore
const textOf = (...parts: fc.Arbitrary<string>[]) =>
  fc.array(fc.oneof(...parts), { maxLength: 40 }).map((each) => each.join(''));

test('a text without templates stays as it is, to the byte', () => {
  fc.assert(
    fc.property(textOf(piece), (text) => {
      fc.pre(!/\{[{%]/.test(text));
      expect(clear(`${text}\n{#forced}`)).toEqual({ body: `${text}\n{#forced}`, removed: [] });
    }),
    { numRuns: 2000 },
  );
});

test('whatever is opened and closed, lines that are told are lines of the text', () => {
  fc.assert(
    fc.property(textOf(piece, tag), (text) => {
      const lines = text.split('\n');
      for (const { line, what } of clear(text).removed)
        expect(lines.slice(line).join('\n')).toContain(what.trim().slice(0, 200));
    }),
    { numRuns: 2000 },
  );
});
