// Runs collections of Postman in one process: from standard input [collection file, variables] pairs, to standard output what
// each made: a list of name, status, and error.
const { readFileSync } = require("node:fs");
const newman = require("newman");

const runOne = ([collection, variables]) =>
  new Promise((done) => {
    const envVar = Object.entries(variables).map(([key, value]) => ({ key, value }));
    newman.run({ collection: JSON.parse(readFileSync(collection, "utf8")), envVar, globals: { values: [] } }, (error, summary) => {
      if (error) done([["", 0, String(error)]]);
      else done(summary.run.executions.map((one) => [one.item.name, one.response?.code ?? 0, String(one.requestError ?? one.prerequestScript?.[0]?.error?.message ?? "")]));
    });
  });

const given = [];
process.stdin.on("data", (chunk) => given.push(chunk));
process.stdin.on("end", async () => {
  const found = [];
  for (const pair of JSON.parse(Buffer.concat(given).toString("utf8"))) found.push(await runOne(pair));
  process.stdout.write(JSON.stringify(found));
});
