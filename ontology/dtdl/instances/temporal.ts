/**
 * Dates and times as RFC 3339 writes them, and durations as ISO 8601 does.
 * @see RFC 3339, section 5.6; ISO 8601-1, section 5.5.2.4
 */

const datePattern = /^(\d{4})-(\d{2})-(\d{2})$/;
const timePattern = /^(\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(?:Z|([+-])(\d{2}):(\d{2}))$/;

/** `YYYY-MM-DD`, a day that exists. */
export function isDate(text: string): boolean {
  const found = datePattern.exec(text);
  if (!found) return false;
  const [year, month, day] = [Number(found[1]), Number(found[2]), Number(found[3])];
  return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** `hh:mm:ss[.f]` with `Z` or an offset; second 60 where UTC has its leap seconds. */
export function isTime(text: string): boolean {
  const found = timePattern.exec(text);
  if (!found) return false;
  const [hour, minute, second] = [Number(found[1]), Number(found[2]), Number(found[3])];
  const [offsetHour, offsetMinute] = [Number(found[5] ?? 0), Number(found[6] ?? 0)];
  if (hour > 23 || minute > 59 || offsetHour > 23 || offsetMinute > 59) return false;
  const offset = (found[4] === '-' ? -1 : 1) * (offsetHour * 60 + offsetMinute);
  return second <= 59 || (second === 60 && (hour * 60 + minute - offset + 2880) % 1440 === 1439);
}

/** A date, `T`, and a time with its offset. */
export function isDateTime(text: string): boolean {
  return text[10] === 'T' && isDate(text.slice(0, 10)) && isTime(text.slice(11));
}

const amount = String.raw`\d+(?:\.\d+(?=.$))?`;
const durationPattern = new RegExp(
  `^P(?!$)(?:(?:${amount}Y)?(?:${amount}M)?|(?:${amount}W)?)(?:${amount}D)?(?:T(?!$)(?:${amount}H)?(?:${amount}M)?(?:${amount}S)?)?$`,
);

/** `PnYnMnDTnHnMnS` or weeks for years and months; a fraction in the last part only. */
export function isDuration(text: string): boolean {
  return durationPattern.test(text);
}
