/** How a feed's XML looks to who opens it in a browser: as text, with a sentence that says what it is. Plain CSS, no XSLT. */

/** One stylesheet for RSS and Atom: elements that are not text for people are not shown. */
export const FEED_CSS = `/* Feedwright: how feeds look in a browser */
@namespace atom "http://www.w3.org/2005/Atom";
@namespace content "http://purl.org/rss/1.0/modules/content/";
:root { display: block; max-width: 44rem; margin: 0 auto; padding: 1rem 1.25rem 4rem; color-scheme: light dark; --line: #8886; background: Canvas; color: CanvasText; font: 1.0625rem/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
:root > *, channel > *, item > *, atom|entry > * { display: none; }
channel { display: block !important; }
item, atom|entry { display: flex !important; flex-direction: column; gap: .2rem; }
:root::before { content: "This is a feed: subscribe to it, and new entries come to you. Copy the address of this page, from the top of your browser, into an app called a feed reader."; display: block; padding: .75rem 1rem; border: 1px solid var(--line); border-radius: .5rem; }
channel > title, :root > atom|title { display: block; font-size: 1.75rem; font-weight: bold; line-height: 1.2; margin: 1.5rem 0 .5rem; }
channel > description, :root > atom|subtitle { display: block; }
channel > atom|link[rel="related"], :root > atom|link[rel="related"] { display: block; margin: .5rem 0; }
channel > atom|link[rel="related"]::before, :root > atom|link[rel="related"]::before { content: "Its page, with more about it: " attr(href); }
item, atom|entry { border-top: 1px solid var(--line); margin-top: 1.25rem; padding-top: 1rem; }
item > title, atom|entry > atom|title { display: block; font-weight: bold; }
item > pubDate, atom|entry > atom|published { display: block; opacity: .75; font-size: .9375rem; }
item > description, atom|entry > atom|summary { display: block; order: 1; }
item > link { display: block; order: 2; opacity: .75; font-size: .9375rem; }
atom|entry > atom|link[rel="alternate"] { display: block; order: 2; opacity: .75; font-size: .9375rem; }
atom|entry > atom|link[rel="alternate"]::before { content: attr(href); }
`;
