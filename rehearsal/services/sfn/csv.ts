/** Rows of a CSV text as RFC 4180 has them; empty lines are none. */
export function parseCsv(text: string, delimiter: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let quoted = false;
  const endField = (): void => {
    row.push(field);
    field = '';
  };
  const endRow = (): void => {
    endField();
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  };
  for (let at = 0; at < text.length; at++) {
    const letter = text.charAt(at);
    if (quoted) {
      if (letter !== '"') field += letter;
      else if (text.charAt(at + 1) !== '"') quoted = false;
      else field += text.charAt(++at);
    } else if (letter === '"' && field === '') quoted = true;
    else if (letter === delimiter) endField();
    else if (letter === '\n') endRow();
    else if (letter !== '\r' || text.charAt(at + 1) !== '\n') field += letter;
  }
  if (quoted) throw new Error('CSV has a quoted field that does not end.');
  if (field !== '' || row.length > 0) endRow();
  return rows;
}
