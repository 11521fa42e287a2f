/** Groups a number as people read it: `LZ 050 000 034 US` (UPU S10), `1Z 5A0 0B1 03 0000 0018` (UPS), others by four. */
export function grouped(number: string): string {
  const [, ...parts] =
    /^([A-Z]{2})(\d{3})(\d{3})(\d{3})([A-Z]{2})$/.exec(number) ??
    /^(1Z)(.{3})(.{3})(.{2})(.{4})(.{4})$/.exec(number) ??
    [];
  return parts.length > 0 ? parts.join(' ') : number.replace(/(.{4})(?=.)/g, '$1 ');
}
