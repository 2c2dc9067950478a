// Signs the shared vectors, read without loss: prints the base string and the signature of each, once for each module.
import { readFileSync } from "node:fs";

const [file, ...modules] = process.argv.slice(2);
const signed = [];
for (const name of modules) {
  const { baseString, readJson, sign } = await import(name);
  const { vectors } = readJson(readFileSync(file, "utf8"));
  for (const { name: vector, params, secret } of vectors) {
    signed.push([name, vector, await baseString(params), await sign(params, secret)]);
  }
}
process.stdout.write(JSON.stringify(signed));
