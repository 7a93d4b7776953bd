/** What the generated posts say: words for English sentences, and whole sentences in other scripts. */
const list = (text) => text.trim().split(/\s+/);

const ADJECTIVES = list(`
  quiet small late early narrow wooden patient bright hollow salted distant even gentle crooked plain amber rusty
  northern careful borrowed folded open sleepy steady thin warm uneven familiar forgotten generous humble painted`);
const NOUNS = list(`
  harbour kettle ladder orchard lantern ferry notebook chimney bridge drawer compass market window stairway garden
  bicycle letter station meadow clock cellar pier basket teacher neighbour sailor baker gardener printer violin river
  valley archive corridor almanac greenhouse lighthouse map blanket postcard`);
const VERBS = list(`
  carries repairs follows measures paints borrows keeps remembers counts opens answers crosses describes collects
  replaces waters mends visits sketches rearranges`);
const PLACES = [
  'before the first train leaves',
  'behind the old mill',
  'while the kettle boils',
  'on the far side of the hill',
  'until the tide turns',
  'as soon as the rain stops',
  'in a room above the bakery',
  'without telling anybody',
  'every second Thursday',
  'after the lamps are lit',
];

/** Patterns of sentences; each gets what picks from a list, and a number from 0 up to n. */
const PATTERNS = [
  (p) => `The ${p(ADJECTIVES)} ${p(NOUNS)} ${p(VERBS)} a ${p(ADJECTIVES)} ${p(NOUNS)} ${p(PLACES)}.`,
  (p) => `Nobody ${p(VERBS)} the ${p(NOUNS)} & its ${p(NOUNS)} like our ${p(ADJECTIVES)} ${p(NOUNS)} does.`,
  (p) => `What the ${p(NOUNS)} **${p(VERBS)}**, the ${p(NOUNS)} *${p(VERBS)}* again ${p(PLACES)}.`,
  (p, n) =>
    `We paid ${n(90) + 2} coins for one ${p(ADJECTIVES)} ${p(NOUNS)}, which was < ${n(9) + 93} at least.`,
  (p, n) =>
    `See [the ${p(ADJECTIVES)} ${p(NOUNS)}](https://example.org/${p(NOUNS)}/${n(1000)}), as the ${p(NOUNS)} said.`,
  (p, n) => `It began with [a ${p(NOUNS)}](/posts/post-${n(1000)}/) and a "${p(ADJECTIVES)}" ${p(NOUNS)}.`,
  (p) => `Set \`${p(NOUNS)}.${p(ADJECTIVES)}\` and the ${p(NOUNS)} ${p(VERBS)} it ${p(PLACES)}.`,
  (p) => `If a ${p(NOUNS)} ${p(VERBS)} the ${p(NOUNS)}, a ${p(ADJECTIVES)} ${p(NOUNS)} is enough; we tried.`,
  (p) => `Is the ${p(NOUNS)} ${p(ADJECTIVES)}, or is it that the ${p(NOUNS)} ${p(VERBS)} too much?`,
  (p, n) => `By ${n(12) + 6}:${n(50) + 10} the ${p(NOUNS)} was ${p(ADJECTIVES)} and the ${p(NOUNS)} gone.`,
];

export const word = (pick) => pick(NOUNS);
export const phrase = (pick) => `${pick(ADJECTIVES)} ${pick(NOUNS)}`;
export const sentence = (pick, below) => pick(PATTERNS)(pick, below).replace(/\ba(?= [aeiou])/g, 'an');
export const title = (pick) =>
  `${pick(['On', 'A note about', 'Again:', 'How we lost', 'In praise of'])} the ${phrase(pick)} & the ${phrase(pick)}`;

/** Sentences by script: what is not Latin letters must cost nobody more than it should. */
export const SCRIPTS = Object.entries({
  arabic: `يفتح البحار الصندوق القديم عند الفجر.|كتبت الجارة رسالة طويلة إلى أخيها في المدينة.|لا أحد يعرف أين تنتهي هذه الطريق.|المصباح على الطاولة ما زال دافئا.`,
  hebrew: `הספן פותח את התיבה הישנה עם שחר.|השכנה כתבה מכתב ארוך אל אחיה שבעיר.|איש אינו יודע היכן נגמרת הדרך הזאת.|המנורה שעל השולחן עדיין חמה.`,
  japanese: `船乗りは夜明けに古い箱を開ける。|隣の人は町にいる弟へ長い手紙を書いた。|この道がどこで終わるのか、だれも知らない。|机の上のランプはまだ温かい。`,
  chinese: `水手在黎明时打开旧箱子。|邻居给城里的弟弟写了一封长信。|谁也不知道这条路通向哪里。|桌上的灯还是温的。`,
  korean: `뱃사람은 새벽에 낡은 상자를 연다.|이웃은 도시에 사는 동생에게 긴 편지를 썼다.|이 길이 어디서 끝나는지 아무도 모른다.|책상 위의 등은 아직 따뜻하다.`,
  cyrillic: `Моряк открывает старый сундук на рассвете.|Соседка написала длинное письмо брату в город.|Никто не знает, где кончается эта дорога.|Лампа на столе ещё тёплая.`,
  greek: `Ο ναύτης ανοίγει το παλιό σεντούκι την αυγή.|Η γειτόνισσα έγραψε ένα μακρύ γράμμα στον αδελφό της.|Κανείς δεν ξέρει πού τελειώνει αυτός ο δρόμος.|Η λάμπα στο τραπέζι είναι ακόμη ζεστή.`,
  devanagari: `नाविक भोर में पुराना संदूक खोलता है।|पड़ोसन ने शहर में अपने भाई को लंबी चिट्ठी लिखी।|कोई नहीं जानता कि यह रास्ता कहाँ समाप्त होता है।|मेज़ पर रखा दीपक अब भी गर्म है।`,
}).map(([name, text]) => ({ name, sentences: text.split('|') }));

/** The names of `count` tags, the commonest first, no two alike. */
export function tagNames(count) {
  return Array.from({ length: count }, (_, at) => {
    const turn = Math.floor(at / (NOUNS.length * ADJECTIVES.length));
    const name = `${ADJECTIVES[(at * 7 + Math.floor(at / NOUNS.length)) % ADJECTIVES.length]} ${NOUNS[at % NOUNS.length]}`;
    return turn === 0 ? name : `${name} ${turn + 1}`;
  });
}
