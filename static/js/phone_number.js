/* Phone numbers as they are typed, copied from a phone's contacts or from a chat; the server does the same
   (childwelfare/text/cleaning.py: clean_phone, check_phone). */

const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]/g;
const BETWEEN_DIGITS = /[\s()[\].\u00b7\-\u2010-\u2015\u2212]/g;

/* The number without the country's code (+86, 0086, 86 before a mobile) and what stands between its digits. */
export function cleanPhone(text) {
  const bare = text.replace(INVISIBLE, "").normalize("NFKC").replace(BETWEEN_DIGITS, "").replace(/^\+86/, "").toUpperCase();
  const number = bare.replace(/^0086/, "");
  return number.length === 13 && number.startsWith("861") ? number.slice(2) : number;
}

/* What is wrong with a cleaned number: the key of the words and what they tell; null for a right one and for none. */
export function findPhoneProblem(number) {
  if (!number) return null;
  if (!/^[0-9]+$/.test(number)) return { key: "phone.digits" };
  if (number[0] === "0") return number.length < 10 || number.length > 12 ? { key: "phone.landline" } : null;
  if (number[0] !== "1") return { key: "phone.start" };
  if (number.length < 11) return { key: "phone.short", values: { n: 11 - number.length, have: number.length } };
  if (number.length > 11) return { key: "phone.long", values: { n: number.length - 11, have: number.length } };
  return null;
}
