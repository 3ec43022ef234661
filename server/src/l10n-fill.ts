// Puts arguments into a translated message, so that the words round them fit: Korean particles follow the sound
// before them, and Chinese has a blank only where it meets another script.

/** The particles that translations write in both forms, with the one behind a consonant and the one behind a vowel. */
const PARTICLES: Readonly<Record<string, readonly [consonant: string, vowel: string]>> = {
  '은(는)': ['은', '는'],
  '이(가)': ['이', '가'],
  '을(를)': ['을', '를'],
  '과(와)': ['과', '와'],
  '(으)로': ['으로', '로'],
};
// Those forms, in escapes: the letters would be in the bundle as they are, and V8 keeps a file that has one letter of
// that kind in two bytes for each of its characters.
const KOREAN =
  /\{(\d+)\}(['"]?)(\uc740\(\ub294\)|\uc774\(\uac00\)|\uc744\(\ub97c\)|\uacfc\(\uc640\)|\(\uc73c\)\ub85c)?/g;

/** How the Korean readings of the digits end: 영, 일, 이, 삼, 사, 오, 육, 칠, 팔, 구. */
const DIGITS = ['ㅇ', 'ㄹ', '', 'ㅁ', '', '', 'ㄱ', 'ㄹ', 'ㄹ', ''];

/** The consonant with which a word is spoken to its end, `''` for a vowel; undefined where nobody can tell. */
function finalSound(word: string): string | undefined {
  const last = word.at(-1) ?? '';
  if (/[0-9]/.test(last)) return DIGITS[Number(last)];
  if (!/[\uac00-\ud7a3]/.test(last)) return undefined;
  // Syllables come in blocks of 28 by their final consonant; the first has none, the ninth has ㄹ.
  const final = (last.charCodeAt(0) - 0xac00) % 28;
  return final === 0 ? '' : final === 8 ? 'ㄹ' : 'ㅇ';
}

/** Fills a Korean message; a particle stays in both forms behind a word in Latin letters. */
export function fillKorean(message: string, args: readonly string[]): string {
  return message.replace(KOREAN, (whole, index: string, quote: string, particle?: string) => {
    const arg = args[Number(index)];
    if (arg === undefined) return whole;
    const sound = finalSound(arg);
    const forms = particle === undefined ? undefined : PARTICLES[particle];
    if (forms === undefined || sound === undefined) return `${arg}${quote}${particle ?? ''}`;
    const isVowel = sound === '' || (particle === '(으)로' && sound === 'ㄹ');
    return `${arg}${quote}${forms[isVowel ? 1 : 0]}`;
  });
}

const HAN = /\p{Script=Han}/u;
const LATIN = /[A-Za-z0-9]/;

/** What is between two signs: a blank where scripts meet, none between Chinese signs. */
function between(left: string, blank: string, right: string): string {
  if (HAN.test(left) && HAN.test(right)) return '';
  const meet = (HAN.test(left) && LATIN.test(right)) || (LATIN.test(left) && HAN.test(right));
  return meet ? ' ' : blank;
}

/** Fills a Chinese message. */
export function fillChinese(message: string, args: readonly string[]): string {
  let text = '';
  let blank = '';
  for (const part of message.split(/(\{\d+\}| )/)) {
    if (part === '') continue;
    if (part === ' ') {
      blank += part;
      continue;
    }
    const index = /^\{(\d+)\}$/.exec(part)?.[1];
    const shown = index === undefined ? part : (args[Number(index)] ?? part);
    text += between([...text.slice(-2)].at(-1) ?? '', blank, [...shown.slice(0, 2)][0] ?? '') + shown;
    blank = '';
  }
  return text + blank;
}
