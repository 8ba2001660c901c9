// An invoice as PDF, on one page of A4. The same invoice gives the same bytes: its date is that of the CDR.
import PDFDocument from 'pdfkit';
import type { Invoice } from './invoice';

const MARGIN = 56;
const AMOUNT_WIDTH = 90;
const GAP = 12;

export function invoiceDocument(invoice: Invoice): Promise<Uint8Array> {
  const { title, number, issuedAt } = invoice;
  const info = { Title: `${title} ${number}`, CreationDate: new Date(issuedAt) };
  const document = new PDFDocument({ size: 'A4', margin: MARGIN, info });
  const chunks: Uint8Array[] = [];
  const whole = new Promise<Uint8Array>((resolve, fail) => {
    document.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    document.on('end', () => resolve(Buffer.concat(chunks)));
    document.on('error', fail);
  });
  write(document, invoice);
  document.end();
  return whole;
}

function write(
  document: PDFKit.PDFDocument,
  { title, number, issuedAt, seller, about, lines, currency, beforeTaxes, taxes, total }: Invoice,
): void {
  document
    .font('Helvetica-Bold')
    .fontSize(18)
    .text(printable(`${title} ${number}`));
  document
    .font('Helvetica')
    .fontSize(10)
    .text(`Date: ${issuedAt.slice(0, 'yyyy-mm-dd'.length)}`)
    .moveDown();
  for (const line of seller) document.text(printable(line));
  if (seller.length > 0) document.moveDown();
  for (const fact of about) document.text(printable(fact));
  document.moveDown();
  document.font('Helvetica-Bold');
  row(document, 'For', currency);
  document.font('Helvetica');
  for (const { text, amount } of lines) row(document, text, amount);
  document.moveDown(0.5);
  row(document, 'Before taxes', beforeTaxes);
  for (const { text, amount } of taxes) row(document, text, amount);
  document.font('Helvetica-Bold');
  row(document, total.text, `${total.amount} ${currency}`);
}

/** What it is on the left, however long, and the amount on the right. */
function row(document: PDFKit.PDFDocument, text: string, amount: string): void {
  const width = document.page.width - 2 * MARGIN - AMOUNT_WIDTH - GAP;
  const bottom = document.page.height - MARGIN;
  if (document.y + document.heightOfString(text, { width }) > bottom) document.addPage();
  const { y } = document;
  document.text(amount, document.page.width - MARGIN - AMOUNT_WIDTH, y, { width: AMOUNT_WIDTH, align: 'right' });
  document.text(printable(text), MARGIN, y, { width });
}

/** The fonts that every reader has know Latin letters only: of others the accents go first, and what is still unknown becomes a question mark. */
function printable(text: string): string {
  return [...text].map((character) => (isKnown(character) ? character : stripped(character))).join('');
}

function stripped(character: string): string {
  const plain = character.normalize('NFKD').replaceAll(/\p{Mark}/gu, '');
  return plain !== '' && [...plain].every(isKnown) ? plain : '?';
}

function isKnown(character: string): boolean {
  return /^[\u0020-\u007e\u00a0-\u00ff€–—‘’“”•…]$/u.test(character);
}
