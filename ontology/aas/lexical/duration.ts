const form =
  /^-?P(?=[0-9T])(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+D)?(?:T(?=[0-9])(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?)?$/;

/** Whether a text is an xs:duration. @see XML Schema 1.0 Part 2, duration */
export function isDuration(text: string): boolean {
  return form.test(text);
}
