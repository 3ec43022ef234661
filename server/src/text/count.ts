/** `1 flow`, `2 flows`: for English texts that are not translated. */
export function counted(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
