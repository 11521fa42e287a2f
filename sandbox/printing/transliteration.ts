/** Letters that Unicode does not decompose, and signs that printers lack. */
const others: Record<string, string> = {
  ß: 'ss', æ: 'ae', Æ: 'AE', œ: 'oe', Œ: 'OE', ø: 'o', Ø: 'O', ł: 'l', Ł: 'L', đ: 'd', Đ: 'D', ð: 'd', Ð: 'D',
  þ: 'th', Þ: 'Th', ı: 'i', '’': "'", '‘': "'", '“': '"', '”': '"', '–': '-', '—': '-', '…': '...', '·': '-',
  '，': ',', '、': ',', '。': '.', ー: '-', '・': ' ', '　': ' ', '№': 'No', '€': 'EUR', '£': 'GBP',
}; // prettier-ignore

/** Cyrillic after ICAO Doc 9303, the table of passports; Greek after ELOT 743. */
const letters = table(
  'а a б b в v г g д d е e ё e ж zh з z и i й i к k л l м m н n о o п p р r с s т t у u ф f х kh ц ts ч ch ш sh ' +
    'щ shch ъ ie ы y ь - э e ю iu я ia і i ї i є ie ґ g ђ dj ј j љ lj њ nj ћ c џ dz ў u ' +
    'α a β v γ g δ d ε e ζ z η i θ th ι i κ k λ l μ m ν n ξ x ο o π p ρ r σ s ς s τ t υ y φ f χ ch ψ ps ω o',
);

/** Kana in Hepburn. */
const kana = table(
  'あ a い i う u え e お o か ka き ki く ku け ke こ ko さ sa し shi す su せ se そ so た ta ち chi つ tsu て te と to ' +
    'な na に ni ぬ nu ね ne の no は ha ひ hi ふ fu へ he ほ ho ま ma み mi む mu め me も mo や ya ゆ yu よ yo ' +
    'ら ra り ri る ru れ re ろ ro わ wa を o ん n が ga ぎ gi ぐ gu げ ge ご go ざ za じ ji ず zu ぜ ze ぞ zo ' +
    'だ da ぢ ji づ zu で de ど do ば ba び bi ぶ bu べ be ぼ bo ぱ pa ぴ pi ぷ pu ぺ pe ぽ po ' +
    'ぁ a ぃ i ぅ u ぇ e ぉ o ゃ ya ゅ yu ょ yo っ -',
);

function table(rows: string): Record<string, string> {
  const parts = rows.split(' ');
  const pairs: [string, string][] = [];
  for (let index = 0; index + 1 < parts.length; index += 2) {
    pairs.push([parts[index]!, parts[index + 1]!.replace('-', '')]);
  }
  return Object.fromEntries(pairs);
}

/** Hangul syllables in the Revised Romanization: each is an initial, a vowel and a final, by arithmetic. */
const initials = 'g,kk,n,d,tt,r,m,b,pp,s,ss,,j,jj,ch,k,t,p,h'.split(',');
const vowels = 'a,ae,ya,yae,eo,e,yeo,ye,o,wa,wae,oe,yo,u,wo,we,wi,yu,eu,ui,i'.split(',');
const finals = ',k,k,k,n,n,n,t,l,k,m,l,l,l,p,l,m,p,p,t,t,ng,t,t,k,t,p,t'.split(',');

/**
 * Writes a text in ASCII, since label printers and the networks of carriers have nothing else: accents are dropped,
 * Cyrillic, Greek, kana and Hangul are transliterated, and any other character becomes `?`.
 */
export const transliterate = (text: string): string =>
  wordsOf(text.normalize('NFC'))
    .map((word) => [...word].map(letterOf).join(''))
    .join(' ');

/** Returns false for a text with a character that becomes `?`. */
export const isPrintable = (text: string): boolean => !transliterate(text.replaceAll('?', '')).includes('?');

/** Splits at spaces and sets a capital where the word was written in a script without capitals. */
const wordsOf = (text: string) => text.split(/\s+/);

function letterOf(character: string, index: number): string {
  if (/^[\x20-\x7e]$/.test(character)) return character;
  if (others[character] !== undefined) return others[character];
  const code = character.charCodeAt(0);
  if (code >= 0xac00 && code <= 0xd7a3) return capital(hangul(code - 0xac00), index === 0);
  // Katakana stand 96 code points after hiragana.
  const hiragana = code >= 0x30a1 && code <= 0x30f6 ? String.fromCharCode(code - 0x60) : character;
  if (kana[hiragana] !== undefined) return capital(kana[hiragana], index === 0);
  const bare = character.normalize('NFKD').replace(/\p{M}/gu, '');
  if (/^[\x20-\x7e]+$/.test(bare)) return bare;
  const lower = character.toLowerCase();
  const latin = letters[lower] ?? letters[bare.toLowerCase()];
  if (latin === undefined) return '?';
  return capital(latin, lower !== character);
}

const capital = (latin: string, isCapital: boolean) =>
  isCapital ? latin.slice(0, 1).toUpperCase() + latin.slice(1) : latin;

const hangul = (offset: number) =>
  initials[Math.floor(offset / 588)]! + vowels[Math.floor((offset % 588) / 28)]! + finals[offset % 28]!;
