// Reads {"style", "json"} a line; writes the JSON as JavaScript writes it, in base64, a line.
import readline from 'node:readline';

const indents = { plain: undefined, two: 2, four: 4, tab: '\t' };
for await (const line of readline.createInterface({ input: process.stdin })) {
  const { style, json } = JSON.parse(line);
  console.log(Buffer.from(JSON.stringify(JSON.parse(json), null, indents[style])).toString('base64'));
}
