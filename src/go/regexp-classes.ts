/** The character classes that Go's `regexp/syntax` knows by name (Go 1.26, Unicode 15). */

/**
 * Categories, scripts and aliases of categories, one capital letter and the rest small, without underscores. Scripts whose
 * names Go keeps with an underscore or two capitals (`Old_Italic`) are not found by Go either.
 */
const unicodeClasses: ReadonlySet<string> = new Set(
  (
    'Adlam Ahom Any Arabic Armenian Ascii Assigned Avestan Balinese Bamum Batak Bengali Bhaiksuki Bopomofo Brahmi ' +
    'Braille Buginese Buhid C Carian Casedletter Cc Cf Chakma Cham Cherokee Chorasmian Closepunctuation Cn Cntrl Co ' +
    'Combiningmark Common Connectorpunctuation Control Coptic Cs Cuneiform Currencysymbol Cypriot Cyrillic ' +
    'Dashpunctuation Decimalnumber Deseret Devanagari Digit Dogra Duployan Elbasan Elymaic Enclosingmark Ethiopic ' +
    'Finalpunctuation Format Georgian Glagolitic Gothic Grantha Greek Gujarati Gurmukhi Han Hangul Hanunoo Hatran ' +
    'Hebrew Hiragana Inherited Initialpunctuation Javanese Kaithi Kannada Katakana Kawi Kharoshthi Khmer Khojki ' +
    'Khudawadi L Lao Latin Lc Lepcha Letter Letternumber Limbu Lineseparator Lisu Ll Lm Lo Lowercaseletter Lt Lu ' +
    'Lycian Lydian M Mahajani Makasar Malayalam Mandaic Manichaean Marchen Mark Mathsymbol Mc Me Medefaidrin Miao Mn ' +
    'Modi Modifierletter Modifiersymbol Mongolian Mro Multani Myanmar N Nabataean Nandinagari Nd Newa Nko Nl No ' +
    'Nonspacingmark Number Nushu Ogham Openpunctuation Oriya Osage Osmanya Other Otherletter Othernumber ' +
    'Otherpunctuation Othersymbol P Palmyrene Paragraphseparator Pc Pd Pe Pf Phoenician Pi Po Privateuse Ps Punct ' +
    'Punctuation Rejang Runic S Samaritan Saurashtra Sc Separator Sharada Shavian Siddham Sinhala Sk Sm So Sogdian ' +
    'Soyombo Spaceseparator Spacingmark Sundanese Surrogate Symbol Syriac Tagalog Tagbanwa Takri Tamil Tangsa Tangut ' +
    'Telugu Thaana Thai Tibetan Tifinagh Tirhuta Titlecaseletter Toto Ugaritic Unassigned Uppercaseletter Vai ' +
    'Vithkuqi Wancho Yezidi Yi Z Zl Zp Zs'
  ).split(' '),
);

const posixClasses: ReadonlySet<string> = new Set(
  'alnum alpha ascii blank cntrl digit graph lower print punct space upper word xdigit'.split(' '),
);

/** Whether `\p{name}` is a class; case, spaces, underscores and hyphens do not count. */
export function isUnicodeClass(name: string): boolean {
  const letters = name.replaceAll(/[ _-]/g, '');
  const rest = letters.slice(1).replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
  return unicodeClasses.has(letters.slice(0, 1).replace(/[a-z]/, (letter) => letter.toUpperCase()) + rest);
}

/** Whether `[:name:]` inside a bracket expression is a class; `^` in front negates it. */
export function isPosixClass(name: string): boolean {
  return posixClasses.has(name.startsWith('^') ? name.slice(1) : name);
}
