/** The elements of HTML, and how they end. */

const ELEMENTS = new Set(
  (
    'a abbr acronym address applet area article aside audio b base basefont bdi bdo big blockquote body br button canvas caption ' +
    'center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed fieldset figcaption figure font ' +
    'footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img input ins kbd label legend li link main ' +
    'map mark menu meta meter nav noframes noscript object ol optgroup option output p param picture pre progress q rp rt ruby s ' +
    'samp script search section select slot small source span strike strong style sub summary sup table tbody td template ' +
    'textarea tfoot th thead time title tr track tt u ul var video wbr'
  ).split(' '),
);

const VOID = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '));

/** Those whose closing tag may be left out. */
const OPTIONAL = new Set(
  'body caption colgroup dd dt head html li optgroup option p rp rt tbody td tfoot th thead tr'.split(' '),
);

/** Those that close an open paragraph. */
const BLOCKS = new Set(
  (
    'address article aside blockquote details dialog dir div dl fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header ' +
    'hgroup hr main menu nav ol p pre search section table ul'
  ).split(' '),
);

export const isHtmlElement = (name: string): boolean => ELEMENTS.has(name.toLowerCase());
export const isVoid = (name: string): boolean => VOID.has(name);
export const mayStayOpen = (name: string): boolean => OPTIONAL.has(name);
export const endsParagraph = (name: string): boolean => BLOCKS.has(name);
