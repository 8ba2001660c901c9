// The text of a PDF as it was drawn, read back from its bytes: a string of text a line, in the order of drawing.
import { inflateSync } from 'node:zlib';

export function pdfText(bytes: Uint8Array): string {
  const pdf = Buffer.from(bytes);
  const pages: string[] = [];
  for (let at = pdf.indexOf('stream\n'); at !== -1; at = pdf.indexOf('stream\n', at + 1)) {
    if (pdf.subarray(at - 3, at).toString() === 'end') continue;
    const end = pdf.indexOf('\nendstream', at);
    pages.push(inflateSync(pdf.subarray(at + 'stream\n'.length, end)).toString('latin1'));
  }
  const shown = [...pages.join('\n').matchAll(/\[(.*)\] TJ/g)].map(([, parts = '']) =>
    [...parts.matchAll(/<([0-9a-f]*)>/g)].map(([, hex = '']) => Buffer.from(hex, 'hex').toString('latin1')).join(''),
  );
  return shown.join('\n');
}
