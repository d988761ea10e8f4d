const year = '-?(?:[1-9][0-9]{3,}|0[0-9]{3})';
const date = `(${year})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])`;
const time = '(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]+)?|24:00:00(?:\\.0+)?)';
const zone = '(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))';
const utc = '(?:Z|\\+00:00|-00:00)';

const forms = {
  date: new RegExp(`^${date}${zone}?$`),
  dateTime: new RegExp(`^${date}T${time}${zone}?$`),
  dateTimeUtc: new RegExp(`^${date}T${time}${utc}$`),
  time: new RegExp(`^${time}${zone}?$`),
  gYear: new RegExp(`^${year}${zone}?$`),
  gYearMonth: new RegExp(`^${year}-(?:0[1-9]|1[0-2])${zone}?$`),
  gMonth: new RegExp(`^--(?:0[1-9]|1[0-2])${zone}?$`),
  gDay: new RegExp(`^---(?:0[1-9]|[12][0-9]|3[01])${zone}?$`),
  gMonthDay: new RegExp(`^--(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])${zone}?$`),
} as const;

/** Days in each month, February in a leap year. */
const longest = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether a year of any length is a leap year; year -1 is 1 BCE, which is one. @see XML Schema 1.0 Part 2, dateTime */
function isLeap(text: string): boolean {
  // The rule repeats every 400 years, and 10,000 is a multiple of 400.
  const last = Number(text.slice(-4));
  const counted = text.startsWith('-') ? last + 399 : last;
  return counted % 4 === 0 && (counted % 100 !== 0 || counted % 400 === 0);
}

function hasDay(form: RegExp, text: string): boolean {
  const [, year = '', month = '', day = ''] = form.exec(text) ?? [];
  if (!month || /^-?0000$/.test(year)) return false;
  return Number(day) <= (month === '02' && !isLeap(year) ? 28 : (longest[Number(month) - 1] ?? 0));
}

/** Whether a text is an xs:date that exists. Years have four digits or more; there is no year 0. */
export function isDate(text: string): boolean {
  return hasDay(forms.date, text);
}

export function isDateTime(text: string): boolean {
  return hasDay(forms.dateTime, text);
}

/** An xs:dateTime whose zone is `Z`, `+00:00` or `-00:00`. */
export function isDateTimeUtc(text: string): boolean {
  return hasDay(forms.dateTimeUtc, text);
}

export function isTime(text: string): boolean {
  return forms.time.test(text);
}

export function isGYear(text: string): boolean {
  return forms.gYear.test(text);
}

export function isGYearMonth(text: string): boolean {
  return forms.gYearMonth.test(text);
}

export function isGMonth(text: string): boolean {
  return forms.gMonth.test(text);
}

export function isGDay(text: string): boolean {
  return forms.gDay.test(text);
}

/** An xs:gMonthDay that exists in some year. */
export function isGMonthDay(text: string): boolean {
  const [, month, day] = forms.gMonthDay.exec(text) ?? [];
  return month !== undefined && Number(day) <= (longest[Number(month) - 1] ?? 0);
}
